package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.Objective;

/**
 * Vanilla sharpness-aware minimisation (SAM, arXiv 2010.01412) on the context: SCoOp.
 *
 * @param rho radius ρ of the perturbation
 */
public record SharpnessAware(double rho) implements StepRule {
    /** @throws IllegalArgumentException if the radius is negative */
    public SharpnessAware {
        TwoGradients.checkRadius(rho);
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        return gradients.proposal(gradients.s(), Branch.SAM);
    }
}
