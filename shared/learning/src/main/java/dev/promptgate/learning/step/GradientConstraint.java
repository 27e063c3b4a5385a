package dev.promptgate.learning.step;

import dev.promptgate.clip.failure.Violations;
import dev.promptgate.learning.loss.Objective;

/**
 * GCSAM's choice of direction (arXiv 2309.07866) from the plain gradient g and the sharpness-aware gradient s at radius ρ, by c = cos(s, g)
 * and the bounds β1, β2: s where c ≥ β2; (s·ẑ)ẑ with z = s + g where β1 &lt; c &lt; β2; g where c ≤ β1. With β1 ≤ 0 every c below β2 is
 * projected.
 */
public record GradientConstraint(double rho, double lowerBound, double upperBound) implements StepRule {
    /** @throws IllegalArgumentException naming every violation */
    public GradientConstraint {
        new Violations().unless(rho >= 0, "rho must not be negative")
                .unless(lowerBound < upperBound && upperBound <= 1 && lowerBound >= -1,
                        "the bounds on the cosine must satisfy -1 <= lower < upper <= 1")
                .refuse();
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
        double cosine = gradients.cosine();
        if (cosine >= upperBound) {
            return gradients.proposal(gradients.s(), Branch.SAM);
        }
        return cosine <= lowerBound && lowerBound > 0 ? gradients.proposal(gradients.g(), Branch.ERM)
                : gradients.proposal(gradients.onBisector(), Branch.BISECTOR);
    }
}
