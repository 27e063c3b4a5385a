package dev.promptgate.experiments.landscape;

import dev.promptgate.clip.failure.Violations;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.method.Hyperparameter;
import java.util.Random;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * How much the loss L rises around a solution w. Sharpness is max L(w + ε) − L(w) over ‖ε‖ ≤ ρ (SAM, arXiv 2010.01412, equation 1); beside
 * the loss itself it is what arXiv 2309.07866 holds responsible for the accuracy on seen and unseen classes. All figures but the radius are
 * in the loss's unit, nats for cross-entropy.
 *
 * @param rho the ball's radius ρ, in the parameters' unit
 * @param loss L(w)
 * @param worst the greatest rise that gradient ascent found in the ball: a lower bound of the sharpness; never negative, since ε may be 0
 * @param firstOrder the rise at ε = ρ · ∇L/‖∇L‖, the one step that SAM takes; 0 where the gradient is zero
 * @param average mean rise over random directions of length ρ; negative where the loss falls more than it rises
 * @param averageError standard error of {@code average}; NaN for one direction
 */
public record Sharpness(double rho, double loss, double worst, double firstOrder, double average, double averageError) {
    /**
     * What is spent on telling a solution's sharpness: 1 + starts · (1 + ascentSteps) gradients and 1 + directions losses. The first ascent
     * starts from the gradient's direction, the others from random ones.
     */
    public record Settings(double rho, int starts, int ascentSteps, int directions, long seed) {
        /** The radius that the methods train with. */
        public static Settings defaults(long seed) {
            return new Settings(Hyperparameter.RHO.defaultValue(), 3, 10, 50, seed);
        }

        /** @throws IllegalArgumentException naming every violation */
        public Settings {
            new Violations().unless(rho > 0 && Double.isFinite(rho), "the radius rho must be positive [rho: " + rho + "]")
                    .unless(starts >= 1 && ascentSteps >= 1,
                            "starts and ascent steps must be positive [starts: %d, ascent steps: %d]".formatted(starts, ascentSteps))
                    .unless(directions >= 1, "there must be a random direction [directions: " + directions + "]")
                    .refuse();
        }
    }

    /** Of w, on the samples of an objective; {@code lossOnly} is the same loss without a gradient. Deterministic in the settings' seed. */
    public static Sharpness at(float[] solution, Objective objective, LossFunction lossOnly, Settings settings) {
        double rho = settings.rho();
        Random random = new Random(settings.seed());
        LossGradient here = finite(objective.at(solution), "at the solution");
        RealVector uphill = Directions.ofLength(rho, Directions.widened(here.gradient()));
        double firstOrder = finite(lossOnly.at(Directions.displaced(solution, 1, uphill)), "one step uphill") - here.loss();
        SummaryStatistics rises = new SummaryStatistics();
        for (int i = 0; i < settings.directions(); i++) {
            RealVector direction = Directions.random(solution.length, random);
            rises.addValue(finite(lossOnly.at(Directions.displaced(solution, rho, direction)), "in a random direction") - here.loss());
        }
        double worst = Math.max(0, firstOrder);
        for (int start = 0; start < settings.starts(); start++) {
            boolean fromGradient = start == 0 && uphill.getNorm() > 0;
            RealVector from = fromGradient ? uphill : Directions.ofLength(rho, Directions.random(solution.length, random));
            worst = Math.max(worst, climbed(solution, objective, from, settings) - here.loss());
        }
        double error = settings.directions() == 1 ? Double.NaN : rises.getStandardDeviation() / Math.sqrt(settings.directions());
        return new Sharpness(rho, here.loss(), worst, firstOrder, rises.getMean(), error);
    }

    /**
     * The loss that projected gradient ascent reaches in the ball. Steps are of length ρ along the gradient's direction; one that does not
     * rise is taken back and halved, as are those after it.
     */
    private static double climbed(float[] solution, Objective objective, RealVector start, Settings settings) {
        RealVector best = start;
        LossGradient top = finite(objective.at(Directions.displaced(solution, 1, best)), "in the ball");
        double length = settings.rho();
        for (int step = 0; step < settings.ascentSteps(); step++) {
            RealVector next = best.add(Directions.ofLength(length, Directions.widened(top.gradient())));
            next = next.getNorm() <= settings.rho() ? next : Directions.ofLength(settings.rho(), next);
            LossGradient there = finite(objective.at(Directions.displaced(solution, 1, next)), "in the ball");
            if (there.loss() > top.loss()) {
                best = next;
                top = there;
            } else {
                length /= 2;
            }
        }
        return top.loss();
    }

    private static LossGradient finite(LossGradient found, String where) {
        finite(found.loss() + Directions.widened(found.gradient()).getNorm(), where);
        return found;
    }

    private static double finite(double loss, String where) {
        if (!Double.isFinite(loss)) {
            throw new NonFiniteLossException(
                    "The loss or its gradient is not finite, so that its sharpness cannot be told [where: %s]".formatted(where));
        }
        return loss;
    }
}
