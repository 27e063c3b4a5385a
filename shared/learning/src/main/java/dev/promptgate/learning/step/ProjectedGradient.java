package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.Objective;

/**
 * The control that separates GCSCoOp's projection from its choice (arXiv 2309.07866): s projected on s + g at every step, whatever the
 * angle between them.
 *
 * @param rho radius ρ of the perturbation
 */
public record ProjectedGradient(double rho) implements StepRule {
    /** @throws IllegalArgumentException if the radius is negative */
    public ProjectedGradient {
        TwoGradients.checkRadius(rho);
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        return gradients.proposal(GradientConstraint.onBisector(gradients.s(), gradients.g()), Branch.BISECTOR);
    }
}
