package dev.promptgate.experiments.features;

/**
 * An image that could not be used.
 *
 * @param reason one line
 */
public record Skipped(String id, String reason) {}
