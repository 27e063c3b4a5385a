package dev.promptgate.learning.optimiser;

/**
 * Vanilla sharpness-aware minimisation (SAM, arXiv 2010.01412) on the context: SCoOp.
 *
 * @param rho radius ρ of the perturbation
 */
public record SharpnessAware(double rho) implements StepRule {
    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        return gradients.proposal(gradients.s(), Branch.SAM);
    }
}
