package dev.promptgate.experiments.landscape;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;
import org.apache.commons.math3.linear.RealVector;

/**
 * The loss on a square around a solution, by forward passes alone; size² of them. The two directions are orthonormal: filter normalisation
 * (arXiv 1712.09913) means nothing here, where a context is a handful of vectors, without filters.
 *
 * @param offsets along either direction, ascending; the solution lies at 0
 * @param loss [second direction][first direction]; NaN or infinite where the loss is
 */
public record LandscapeGrid(double[] offsets, double[][] loss) {
    /**
     * The square around a solution: losses along a side, an odd number, so that the solution is one of them; half the side; the seed of the
     * two directions, the same for every solution that is compared.
     */
    public record Settings(int size, double radius, long seed) {
        /** @throws IllegalArgumentException if the size is even or below 3, or the radius is not positive */
        public Settings {
            Validate.isTrue(size >= 3 && size % 2 == 1 && radius > 0 && Double.isFinite(radius),
                    "A landscape needs an odd size of at least 3 and a positive radius [size: %d, radius: %s]", size, radius);
        }
    }

    /** Along two random directions. Deterministic in the settings' seed. */
    public static LandscapeGrid around(float[] solution, LossFunction loss, Settings settings) {
        Random random = new Random(settings.seed());
        RealVector first = Directions.random(solution.length, random);
        RealVector other = Directions.random(solution.length, random);
        RealVector second = Directions.ofLength(1, other.combine(1, -other.dotProduct(first), first));
        Validate.isTrue(second.getNorm() > 0, "A landscape needs two parameters or more [parameters: %d]", solution.length);
        int last = settings.size() - 1;
        double[] offsets = IntStream.rangeClosed(0, last)
                .mapToDouble(i -> -settings.radius() * (last - i) / last + settings.radius() * i / last).toArray();
        return new LandscapeGrid(offsets, Arrays.stream(offsets).mapToObj(v -> {
            RealVector row = second.mapMultiply(v);
            return Arrays.stream(offsets).map(u -> loss.at(Directions.displaced(solution, 1, row.combine(1, u, first)))).toArray();
        }).toArray(double[][]::new));
    }

    /** The same with every loss counted from another. */
    public LandscapeGrid above(double level) {
        return new LandscapeGrid(offsets,
                Arrays.stream(loss).map(row -> Arrays.stream(row).map(value -> value - level).toArray()).toArray(double[][]::new));
    }
}
