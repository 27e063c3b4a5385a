package dev.promptgate.learning.optimiser;

/**
 * A loss and its gradient with respect to the context.
 *
 * @param gradient row-major [tokens, width]
 */
public record LossGradient(double loss, float[] gradient) {}
