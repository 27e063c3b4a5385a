package dev.promptgate.experiments.landscape;

import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import java.util.Random;

/**
 * An eigenvalue of the loss's Hessian H at a solution w, by power iteration. Hessian-vector products are central differences of gradients,
 * Hv ≈ (∇L(w + hv) − ∇L(w − hv)) / 2h, two gradients an iteration.
 *
 * @param value with its sign
 * @param iterations power iterations, all told
 * @param residual ‖Hv − value · v‖ / |value| of the unit vector v that was found; an eigenvalue lies no further than residual · |value|
 *     away
 * @param converged whether the residual fell below the tolerance; if not, {@code value} is the last estimate
 * @param step h, in the parameters' unit
 */
public record HessianEigenvalue(double value, int iterations, double residual, boolean converged, double step) {
    /** h relative to ‖w‖: the cube root of float's precision, where truncation (h²) and rounding (1/h) of a central difference balance. */
    private static final double RELATIVE_STEP = Math.cbrt(Math.ulp(1f));

    /**
     * How long to iterate.
     *
     * @param tolerance of the residual; the eigenvalue's own error is of its square
     * @param maxIterations of one power iteration
     * @param seed of the vector to start from
     */
    public record Settings(double tolerance, int maxIterations, long seed) {
        /** Tight enough for three digits of the eigenvalue. */
        public static Settings defaults(long seed) {
            return new Settings(0.02, 100, seed);
        }

        /** @throws IllegalArgumentException if the tolerance or the bound is not positive */
        public Settings {
            if (!(tolerance > 0) || maxIterations < 1) {
                throw new IllegalArgumentException(
                        "Tolerance and iterations must be positive [tolerance: %s, iterations: %d]".formatted(tolerance, maxIterations));
            }
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
        HessianEigenvalue dominant = iterated(solution, objective, settings, 0);
        if (dominant.value >= 0) {
            return dominant;
        }
        HessianEigenvalue shifted = iterated(solution, objective, settings, dominant.value);
        return new HessianEigenvalue(shifted.value, dominant.iterations + shifted.iterations, shifted.residual,
                dominant.converged && shifted.converged, shifted.step);
    }

    /** Power iteration on H − shift · I. */
    private static HessianEigenvalue iterated(float[] solution, Objective objective, Settings settings, double shift) {
        double norm = Directions.norm(Directions.widened(solution));
        double step = RELATIVE_STEP * (norm > 0 ? norm : 1);
        double[] vector = Directions.random(solution.length, new Random(settings.seed()));
        double value = 0;
        double residual = Double.POSITIVE_INFINITY;
        for (int iteration = 1; iteration <= settings.maxIterations(); iteration++) {
            double[] product = product(solution, objective, vector, step);
            value = Directions.dot(vector, product);
            double[] rest = Directions.plus(product, -value, vector);
            residual = Directions.norm(rest) == 0 ? 0 : Directions.norm(rest) / Math.abs(value);
            if (residual <= settings.tolerance()) {
                return new HessianEigenvalue(value, iteration, residual, true, step);
            }
            vector = Directions.ofLength(1, Directions.plus(product, -shift, vector));
        }
        return new HessianEigenvalue(value, settings.maxIterations(), residual, false, step);
    }

    private static double[] product(float[] solution, Objective objective, double[] vector, double step) {
        float[] above = objective.at(Directions.displaced(solution, step, vector)).gradient();
        float[] below = objective.at(Directions.displaced(solution, -step, vector)).gradient();
        double[] product = new double[vector.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = ((double) above[i] - below[i]) / (2 * step);
        }
        if (!Double.isFinite(Directions.norm(product))) {
            throw new NonFiniteLossException(
                    "The gradient beside the solution is not finite, so that its curvature cannot be told [step: %s]".formatted(step));
        }
        return product;
    }
}
