package dev.promptgate.experiments.landscape;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The loss on a plane through a solution, by forward passes alone; size² of them.
 *
 * <p>The two directions are orthonormal. Filter normalisation (arXiv 1712.09913) means nothing here: a context is a handful of vectors,
 * and has no filters. To compare contexts of different norms, scale by the norm.
 *
 * @param x offsets along the first direction, ascending; the solution lies at 0
 * @param y offsets along the second
 * @param loss [y][x]; NaN or infinite where the loss is
 * @param marks the solutions on the plane, the one in the centre first
 * @param unit of x and y, for the axes
 */
public record LandscapeGrid(double[] x, double[] y, double[][] loss, List<Mark> marks, String unit) {
    /** A solution's place on the plane. */
    public record Mark(double x, double y) {}

    /**
     * The square around a solution.
     *
     * @param size losses along a side; odd, so that the solution is one of them
     * @param radius half the side
     * @param relative whether the radius is in multiples of the solution's norm
     * @param seed of the two directions: the same for every solution that is compared
     */
    public record Settings(int size, double radius, boolean relative, long seed) {
        /** @throws IllegalArgumentException if the size is even or below 3, or the radius is not positive */
        public Settings {
            if (size < 3 || size % 2 == 0 || !(radius > 0) || Double.isInfinite(radius)) {
                throw new IllegalArgumentException(
                        "A landscape needs an odd size of at least 3 and a positive radius [size: %d, radius: %s]"
                                .formatted(size, radius));
            }
        }
    }

    /** Along two random directions. Deterministic in the settings' seed. */
    public static LandscapeGrid around(float[] solution, LossFunction loss, Settings settings) {
        Random random = new Random(settings.seed());
        double[] first = Directions.random(solution.length, random);
        double[] second = orthogonal(Directions.random(solution.length, random), first);
        double[] offsets = range(-settings.radius(), settings.radius(), settings.size());
        double scale = settings.relative() ? Directions.norm(Directions.widened(solution)) : 1;
        if (Directions.norm(second) == 0 || scale == 0) {
            throw new IllegalArgumentException(
                    "A landscape needs two parameters or more and, to be scaled by their norm, one that is not zero [parameters: %d]"
                            .formatted(solution.length));
        }
        double[][] values = values(solution, loss, offsets, offsets, Directions.ofLength(scale, first), Directions.ofLength(scale, second));
        return new LandscapeGrid(offsets, offsets, values, List.of(new Mark(0, 0)), settings.relative() ? "× context norm" : "distance");
    }

    /**
     * The plane through three solutions, with a margin of a quarter of their extent.
     *
     * @param size losses along a side
     * @throws IllegalArgumentException if the three lie on a line
     */
    public static LandscapeGrid through(float[] solution, float[] right, float[] other, LossFunction loss, int size) {
        double[] toRight = Directions.between(solution, right);
        double[] toOther = Directions.between(solution, other);
        double[] first = Directions.ofLength(1, toRight);
        double[] second = orthogonal(toOther, first);
        Mark there = new Mark(Directions.dot(toOther, first), Directions.dot(toOther, second));
        double width = Directions.norm(toRight);
        if (size < 3 || !(width > 0) || !(there.y() > 1e-6 * Directions.norm(toOther))) {
            throw new IllegalArgumentException(
                    "A plane needs a size of at least 3 and three solutions that are not on one line [size: %d]".formatted(size));
        }
        double left = Math.min(0, there.x());
        double margin = (Math.max(width, there.x()) - left) / 4;
        double[] x = range(left - margin, Math.max(width, there.x()) + margin, size);
        double[] y = range(-there.y() / 4, there.y() * 5 / 4, size);
        return new LandscapeGrid(x, y, values(solution, loss, x, y, first, second), List.of(new Mark(0, 0), new Mark(width, 0), there),
                "distance");
    }

    /** The same with every loss counted from another, e.g. from that of the solution: its rise. */
    public LandscapeGrid above(double level) {
        double[][] rise = Arrays.stream(loss).map(row -> Arrays.stream(row).map(value -> value - level).toArray()).toArray(double[][]::new);
        return new LandscapeGrid(x, y, rise, marks, unit);
    }

    private static double[] orthogonal(double[] direction, double[] unit) {
        return Directions.ofLength(1, Directions.plus(direction, -Directions.dot(direction, unit), unit));
    }

    private static double[] range(double from, double to, int size) {
        return IntStream.range(0, size).mapToDouble(i -> from * (size - 1 - i) / (size - 1) + to * i / (size - 1)).toArray();
    }

    private static double[][] values(float[] solution, LossFunction loss, double[] x, double[] y, double[] first, double[] second) {
        return Arrays.stream(y).mapToObj(v -> {
            double[] row = Directions.plus(new double[solution.length], v, second);
            return Arrays.stream(x).map(u -> loss.at(Directions.displaced(solution, 1, Directions.plus(row, u, first)))).toArray();
        }).toArray(double[][]::new);
    }
}
