package dev.promptgate.learning.step;

/**
 * What one step saw.
 *
 * @param loss at the context before the step
 * @param perturbedLoss at the perturbed context; NaN for methods that do not look there
 * @param cosine between the two gradients; NaN likewise
 * @param branch the direction taken: ERM for the plain gradient, SAM for the sharpness-aware one, BISECTOR for one made of both
 */
public record StepReport(double loss, double perturbedLoss, double cosine, Branch branch) {}
