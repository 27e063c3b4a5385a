package dev.promptgate.learning.gate;

/**
 * A candidate and another prompt, e.g. {@code live}, on the same images: those of the candidate's classes, among these, and those of all
 * others.
 */
public record GateEvidence(String against, PairedOutcomes seen, PairedOutcomes unseen) {}
