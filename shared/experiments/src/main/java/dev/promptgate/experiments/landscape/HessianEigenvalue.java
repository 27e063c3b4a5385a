package dev.promptgate.experiments.landscape;

import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import java.util.Random;
import org.apache.commons.lang3.Validate;
import org.apache.commons.math3.linear.RealVector;

/**
 * An eigenvalue of the loss's Hessian H at a solution w, with its sign, by power iteration. Hessian-vector products are central differences
 * of gradients, Hv ≈ (∇L(w + hv) − ∇L(w − hv)) / 2h, two gradients an iteration.
 *
 * @param residual ‖Hv − value · v‖ / |value| of the unit vector v that was found; an eigenvalue lies within residual · |value|
 * @param converged whether the residual fell below the tolerance; if not, {@code value} is the last estimate
 * @param step h, in the parameters' unit
 */
public record HessianEigenvalue(double value, int iterations, double residual, boolean converged, double step) {
    /** h relative to ‖w‖: the cube root of float's precision, where truncation (h²) and rounding (1/h) of a central difference balance. */
    private static final double RELATIVE_STEP = Math.cbrt(Math.ulp(1f));

    /** How long to iterate, from a seeded vector on; the eigenvalue's own error is of the square of the residual's tolerance. */
    public record Settings(double tolerance, int maxIterations, long seed) {
        /** Tight enough for three digits of the eigenvalue. */
        public static Settings defaults(long seed) {
            return new Settings(0.02, 100, seed);
        }

        /** @throws IllegalArgumentException if the tolerance or the bound is not positive */
        public Settings {
            Validate.isTrue(tolerance > 0 && maxIterations >= 1,
                    "Tolerance and iterations must be positive [tolerance: %s, iterations: %d]", tolerance, maxIterations);
        }
    }

    /** The eigenvalue that is largest by magnitude, with its sign: negative where the strongest curvature is downwards. */
    static HessianEigenvalue largestByMagnitude(float[] solution, Objective objective, Settings settings) {
        return iterated(solution, objective, settings, 0);
    }

    /**
     * The greatest eigenvalue, λmax: the sharpest upward curvature. Where the largest by magnitude is negative, the iteration is repeated
     * with H shifted by it.
     */
    public static HessianEigenvalue greatest(float[] solution, Objective objective, Settings settings) {
        HessianEigenvalue dominant = largestByMagnitude(solution, objective, settings);
        if (dominant.value >= 0) {
            return dominant;
        }
        HessianEigenvalue shifted = iterated(solution, objective, settings, dominant.value);
        return new HessianEigenvalue(shifted.value, dominant.iterations + shifted.iterations, shifted.residual,
                dominant.converged && shifted.converged, shifted.step);
    }

    /** Power iteration on H − shift · I. */
    private static HessianEigenvalue iterated(float[] solution, Objective objective, Settings settings, double shift) {
        double norm = Directions.widened(solution).getNorm();
        double step = RELATIVE_STEP * (norm > 0 ? norm : 1);
        RealVector vector = Directions.random(solution.length, new Random(settings.seed()));
        double value = 0;
        double residual = Double.POSITIVE_INFINITY;
        for (int iteration = 1; iteration <= settings.maxIterations(); iteration++) {
            RealVector product = product(solution, objective, vector, step);
            value = vector.dotProduct(product);
            double rest = product.combine(1, -value, vector).getNorm();
            residual = rest == 0 ? 0 : rest / Math.abs(value);
            if (residual <= settings.tolerance()) {
                return new HessianEigenvalue(value, iteration, residual, true, step);
            }
            vector = Directions.ofLength(1, product.combine(1, -shift, vector));
        }
        return new HessianEigenvalue(value, settings.maxIterations(), residual, false, step);
    }

    private static RealVector product(float[] solution, Objective objective, RealVector vector, double step) {
        RealVector above = Directions.widened(objective.at(Directions.displaced(solution, step, vector)).gradient());
        RealVector below = Directions.widened(objective.at(Directions.displaced(solution, -step, vector)).gradient());
        RealVector product = above.subtract(below).mapDivide(2 * step);
        if (!Double.isFinite(product.getNorm())) {
            throw new NonFiniteLossException(
                    "The gradient beside the solution is not finite, so that its curvature cannot be told [step: %s]".formatted(step));
        }
        return product;
    }
}
