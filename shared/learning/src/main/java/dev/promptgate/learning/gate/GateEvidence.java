package dev.promptgate.learning.gate;

/**
 * A candidate and another prompt on the same images.
 *
 * @param against the other prompt, e.g. {@code live}
 * @param seen images of the candidate's classes, among these
 * @param unseen those of all other classes, among those
 */
public record GateEvidence(String against, PairedOutcomes seen, PairedOutcomes unseen) {}
