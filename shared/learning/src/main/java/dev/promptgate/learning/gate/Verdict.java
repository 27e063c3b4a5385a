package dev.promptgate.learning.gate;

/**
 * The gate's answer.
 *
 * @param reason one sentence with the figures
 * @param seenLowerBound of candidate minus live, a fraction; NaN without images
 * @param unseenLowerBound likewise
 */
public record Verdict(Outcome outcome, String reason, double seenLowerBound, double unseenLowerBound) {}
