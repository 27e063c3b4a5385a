package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;

/**
 * Sharpness-Aware Gradient Matching (SAGM, arXiv 2303.10353): minimises L(v) + L(v + ε − α g), ε = ρ g / ‖g‖, where the step back by α g
 * draws the two gradients to one direction. The second term's gradient s is taken at its point, without the derivative of that point. The
 * direction is the mean of g and s, as in the authors' code, domainbed/sagm/sagm.py; the paper's objective would have their sum.
 *
 * @param rho radius ρ of the perturbation
 * @param alpha step back α, in units of the gradient
 */
public record GradientMatching(double rho, double alpha) implements StepRule {
    /** @throws IllegalArgumentException if a value is negative */
    public GradientMatching {
        if (!(rho >= 0 && alpha >= 0)) {
            throw new IllegalArgumentException("SAGM needs rho >= 0 and alpha >= 0 [rho: %s, alpha: %s]".formatted(rho, alpha));
        }
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        LossGradient plain = objective.at(parameters).checked("loss");
        float[] g = plain.gradient();
        TwoGradients gradients = TwoGradients.at(parameters, objective, plain, g, TwoGradients.toRadius(rho, g) - alpha);
        return gradients.proposal(gradients.mix(0.5), Branch.BISECTOR);
    }
}
