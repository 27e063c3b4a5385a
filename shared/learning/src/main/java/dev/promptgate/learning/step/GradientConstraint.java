package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;

/**
 * GCSAM's choice of direction (arXiv 2309.07866) from the plain gradient g and the sharpness-aware gradient s, by c = cos(s, g): s where c
 * ≥ β2; (s·ẑ)ẑ with z = s + g where β1 &lt; c &lt; β2; g where c ≤ β1. With β1 ≤ 0 every c below β2 is projected.
 *
 * @param rho radius ρ of the perturbation
 * @param lowerBound β1
 * @param upperBound β2
 */
public record GradientConstraint(double rho, double lowerBound, double upperBound) implements StepRule {
    private static final double TINY = 1e-12;

    /** @throws IllegalArgumentException if a value is out of its range */
    public GradientConstraint {
        TwoGradients.checkRadius(rho);
        if (!(lowerBound < upperBound && upperBound <= 1 && lowerBound >= -1)) {
            throw new IllegalArgumentException("the bounds on the cosine must satisfy -1 <= lower < upper <= 1");
        }
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        Branch branch = branch(gradients.cosine());
        return gradients.proposal(switch (branch) {
            case SAM -> gradients.s();
            case ERM -> gradients.g();
            case BISECTOR -> onBisector(gradients.s(), gradients.g());
        }, branch);
    }

    private Branch branch(double cosine) {
        if (cosine >= upperBound) {
            return Branch.SAM;
        }
        return cosine <= lowerBound && lowerBound > 0 ? Branch.ERM : Branch.BISECTOR;
    }

    static float[] onBisector(float[] s, float[] g) {
        float[] z = Vectors.plus(s, 1, g);
        double norm = Vectors.norm(z) + TINY;
        return Vectors.times(z, Vectors.dot(s, z) / (norm * norm));
    }
}
