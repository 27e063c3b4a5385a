package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;

/**
 * SAMPLe (arXiv 2607.05727): minimises L(v) + L(v + ε − α b) (equation 10), ε = ρ g / ‖g‖ (equation 5), where b = g − ξ σ m is the part of
 * the batch's gradient that is orthogonal to the whole training set's (equation 8: ξ their cosine, σ = ‖g‖ / ‖m‖), estimated by a moving
 * average that starts at zero: m ← λ m + (1 − λ) g (equation 9), this step's gradient included (algorithm 1). The direction is the sum g +
 * s of both gradients (equation 32), about twice as long as the other rules'. The authors' code is not public.
 *
 * <p>Not thread-safe: it holds the average of one run.
 */
public final class PromptSharpnessAware implements StepRule {
    private final double rho;
    private final double alpha;
    private final double lambda;
    private float[] mean;

    /**
     * A run without a past.
     *
     * @param rho radius ρ of the perturbation
     * @param alpha step back α, in units of the gradient
     * @param lambda weight λ of the past in the average
     * @throws IllegalArgumentException if a value is out of its range
     */
    public PromptSharpnessAware(double rho, double alpha, double lambda) {
        if (!(rho >= 0 && alpha >= 0 && lambda >= 0 && lambda < 1)) {
            throw new IllegalArgumentException("SAMPLe needs rho >= 0, alpha >= 0 and 0 <= lambda < 1 [rho: %s, alpha: %s, lambda: %s]"
                    .formatted(rho, alpha, lambda));
        }
        this.rho = rho;
        this.alpha = alpha;
        this.lambda = lambda;
    }

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
}
