package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;

/**
 * Friendly SAM (F-SAM, arXiv 2403.12350): the perturbation leaves out what the batch's gradient shares with the whole training set's,
 * estimated by a moving average m of the batches' gradients: ε = ρ d / ‖d‖ with d = g − σ m, and the direction is the gradient at v + ε.
 * The order is that of the authors' code, nblt/F-SAM's utils.py: m is the average before this step, and starts as the first gradient, whose
 * own step has d = g.
 *
 * <p>Not thread-safe: it holds the average of one run.
 */
public final class FriendlySharpnessAware implements StepRule {
    private final double rho;
    private final double sigma;
    private final double lambda;
    private float[] mean;

    /**
     * A run without a past.
     *
     * @param rho radius ρ of the perturbation
     * @param sigma share σ of the average that is left out
     * @param lambda weight λ of the past in the average
     * @throws IllegalArgumentException if a value is out of its range
     */
    public FriendlySharpnessAware(double rho, double sigma, double lambda) {
        if (!(rho >= 0 && sigma >= 0 && lambda >= 0 && lambda < 1)) {
            throw new IllegalArgumentException("F-SAM needs rho >= 0, sigma >= 0 and 0 <= lambda < 1 [rho: %s, sigma: %s, lambda: %s]"
                    .formatted(rho, sigma, lambda));
        }
        this.rho = rho;
        this.sigma = sigma;
        this.lambda = lambda;
    }

    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        LossGradient plain = objective.at(parameters).checked("loss");
        float[] g = plain.gradient();
        float[] noise = mean == null ? g : Vectors.plus(g, -sigma, mean);
        TwoGradients gradients = TwoGradients.at(parameters, objective, plain, noise, TwoGradients.toRadius(rho, noise));
        mean = mean == null ? g : Vectors.plus(Vectors.times(mean, lambda), 1 - lambda, g);
        return gradients.proposal(gradients.s(), Branch.SAM);
    }
}
