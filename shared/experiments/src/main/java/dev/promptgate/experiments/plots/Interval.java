package dev.promptgate.experiments.plots;

import java.util.stream.DoubleStream;

/**
 * A figure with its confidence interval, all in one unit.
 *
 * @param low NaN, as {@code high} is, if there is no interval: with a single seed
 */
public record Interval(double value, double low, double high) {
    /** @throws IllegalArgumentException if the figure itself is not finite */
    public Interval {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("A figure that is not finite cannot be plotted [figure: " + value + "]");
        }
    }

    /** A figure without an interval. */
    public static Interval exactly(double value) {
        return new Interval(value, Double.NaN, Double.NaN);
    }

    /** Whether there is an interval. */
    public boolean known() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    /** What an axis must have room for. */
    DoubleStream ends() {
        return known() ? DoubleStream.of(low, value, high) : DoubleStream.of(value);
    }
}
