package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;
import org.apache.commons.lang3.Validate;

/**
 * The rules of the catalogue but for {@link GradientConstraint}. ρ is always the radius of the perturbation, g the plain gradient, s the
 * sharpness-aware one. All refuse values out of their range by an IllegalArgumentException.
 */
public final class StepRules {
    private StepRules() {}

    /** The gradient itself: CoOp (arXiv 2109.01134), and whatever differs from it in the loss alone. */
    public static StepRule plainGradient() {
        return (parameters, objective) -> {
            LossGradient plain = objective.at(parameters).checked("loss");
            return new StepRule.Proposal(plain.gradient(), new StepReport(plain.loss(), Double.NaN, Double.NaN, Branch.ERM));
        };
    }

    /** Vanilla sharpness-aware minimisation (SAM, arXiv 2010.01412) on the context: SCoOp. */
    public static StepRule sharpnessAware(double rho) {
        Validate.isTrue(rho >= 0, "rho must not be negative");
        return (parameters, objective) -> {
            TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
            return gradients.proposal(gradients.s(), Branch.SAM);
        };
    }

    /** The control that separates GCSCoOp's projection from its choice (arXiv 2309.07866): s projected on s + g, whatever their angle. */
    public static StepRule projection(double rho) {
        Validate.isTrue(rho >= 0, "rho must not be negative");
        return (parameters, objective) -> {
            TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
            return gradients.proposal(gradients.onBisector(), Branch.BISECTOR);
        };
    }

    /** The control that replaces GCSCoOp's choice (arXiv 2309.07866) by α · s + (1 − α) · g. α = 0 is CoOp, α = 1 is SCoOp. */
    public static StepRule mix(double rho, double alpha) {
        Validate.isTrue(rho >= 0 && alpha >= 0 && alpha <= 1, "The mix needs rho >= 0 and 0 <= alpha <= 1 [rho: %s, alpha: %s]", rho,
                alpha);
        return (parameters, objective) -> {
            TwoGradients gradients = TwoGradients.at(parameters, objective, rho);
            return gradients.proposal(gradients.mix(alpha), Branch.BISECTOR);
        };
    }

    /**
     * Sharpness-Aware Gradient Matching (SAGM, arXiv 2303.10353): minimises L(v) + L(v + ε − α g), ε = ρ g / ‖g‖, where the step back by α
     * g draws the two gradients to one direction. The second term's gradient s is taken at its point, without the derivative of that point.
     * The direction is the mean of g and s, as in the authors' code, domainbed/sagm/sagm.py; the paper's objective would have their sum.
     */
    public static StepRule gradientMatching(double rho, double alpha) {
        Validate.isTrue(rho >= 0 && alpha >= 0, "SAGM needs rho >= 0 and alpha >= 0 [rho: %s, alpha: %s]", rho, alpha);
        return (parameters, objective) -> {
            LossGradient plain = objective.at(parameters).checked("loss");
            float[] g = plain.gradient();
            TwoGradients gradients = TwoGradients.at(parameters, objective, plain, g, TwoGradients.toRadius(rho, g) - alpha);
            return gradients.proposal(gradients.mix(0.5), Branch.BISECTOR);
        };
    }

    /**
     * Friendly SAM (F-SAM, arXiv 2403.12350): the perturbation leaves out what the batch's gradient shares with the whole training set's,
     * estimated by a moving average m of the batches' gradients: ε = ρ d / ‖d‖ with d = g − σ m, and the direction is the gradient at v +
     * ε. The order is that of the authors' code, nblt/F-SAM's utils.py: m is the average before this step, and starts as the first
     * gradient, whose own step has d = g.
     *
     * @param lambda weight λ of the past in the average
     * @return the rule of one run, which holds its average; not thread-safe
     */
    public static StepRule friendlySharpnessAware(double rho, double sigma, double lambda) {
        Validate.isTrue(rho >= 0 && sigma >= 0 && lambda >= 0 && lambda < 1,
                "F-SAM needs rho >= 0, sigma >= 0 and 0 <= lambda < 1 [rho: %s, sigma: %s, lambda: %s]", rho, sigma, lambda);
        return new StepRule() {
            private float[] mean;

            @Override
            public Proposal propose(float[] parameters, Objective objective) {
                LossGradient plain = objective.at(parameters).checked("loss");
                float[] g = plain.gradient();
                float[] noise = mean == null ? g : Vectors.plus(g, -sigma, mean);
                TwoGradients gradients = TwoGradients.at(parameters, objective, plain, noise, TwoGradients.toRadius(rho, noise));
                mean = mean == null ? g : Vectors.plus(Vectors.times(mean, lambda), 1 - lambda, g);
                return gradients.proposal(gradients.s(), Branch.SAM);
            }
        };
    }

    /**
     * SAMPLe (arXiv 2607.05727): minimises L(v) + L(v + ε − α b) (equation 10), ε = ρ g / ‖g‖ (equation 5), where b = g − ξ σ m is the part
     * of the batch's gradient that is orthogonal to the whole training set's (equation 8: ξ their cosine, σ = ‖g‖ / ‖m‖), estimated by a
     * moving average that starts at zero: m ← λ m + (1 − λ) g (equation 9), this step's gradient included (algorithm 1). The direction is
     * the sum g + s (equation 32), about twice as long as the other rules'. The authors' code is not public.
     *
     * @return the rule of one run, which holds its average; not thread-safe
     */
    public static StepRule promptSharpnessAware(double rho, double alpha, double lambda) {
        Validate.isTrue(rho >= 0 && alpha >= 0 && lambda >= 0 && lambda < 1,
                "SAMPLe needs rho >= 0, alpha >= 0 and 0 <= lambda < 1 [rho: %s, alpha: %s, lambda: %s]", rho, alpha, lambda);
        return new StepRule() {
            private float[] mean;

            @Override
            public Proposal propose(float[] parameters, Objective objective) {
                LossGradient plain = objective.at(parameters).checked("loss");
                float[] g = plain.gradient();
                float[] full = mean == null ? Vectors.times(g, 1 - lambda) : Vectors.plus(Vectors.times(mean, lambda), 1 - lambda, g);
                float[] offset = Vectors.plus(Vectors.times(g, TwoGradients.toRadius(rho, g)), -alpha, Vectors.without(g, 1, full));
                TwoGradients gradients = TwoGradients.at(parameters, objective, plain, offset, 1);
                mean = full;
                return gradients.proposal(Vectors.plus(gradients.s(), 1, g), Branch.BISECTOR);
            }
        };
    }
}
