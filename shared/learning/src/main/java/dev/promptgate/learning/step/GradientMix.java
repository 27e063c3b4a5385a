package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.Objective;

/**
 * The control that replaces GCSCoOp's choice (arXiv 2309.07866) by a fixed mix of the two gradients: α · s + (1 − α) · g. α = 0 is CoOp, α
 * = 1 is SCoOp.
 *
 * @param rho radius ρ of the perturbation
 * @param alpha share α of the sharpness-aware gradient
 */
public record GradientMix(double rho, double alpha) implements StepRule {
    /** @throws IllegalArgumentException if a value is out of its range */
    public GradientMix {
        if (!(rho >= 0 && alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("The mix needs rho >= 0 and 0 <= alpha <= 1 [rho: %s, alpha: %s]".formatted(rho, alpha));
        }
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        return gradients.proposal(gradients.mix(alpha), Branch.BISECTOR);
    }
}
