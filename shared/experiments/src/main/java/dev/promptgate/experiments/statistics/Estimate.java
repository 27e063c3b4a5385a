package dev.promptgate.experiments.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.lang3.Validate;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * A mean of n values with its 95% confidence interval by Student's t; NaN for its half of a single value, which tells nothing about its
 * spread.
 */
public record Estimate(double mean, double halfWidth, int n) {
    private static final double CONFIDENCE = 0.95;
    /** Of sums of shares that are equal. */
    private static final double ROUNDING = 1e-12;

    /** Of finite values; NaN if there are none. */
    public static Estimate of(double... values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        int n = finite.length;
        double mean = n == 0 ? Double.NaN : StatUtils.mean(finite);
        if (n < 2) {
            return new Estimate(mean, Double.NaN, n);
        }
        double standardError = Math.sqrt(StatUtils.variance(finite) / n);
        return new Estimate(mean, new TDistribution(n - 1).inverseCumulativeProbability(0.5 + CONFIDENCE / 2) * standardError, n);
    }

    /**
     * The probability of a mean as far from zero if the true one is zero: a two-sided t-test. NaN for fewer than two values, and for values
     * other than zero that are all the same: where nothing varies, the test has nothing to measure a difference by.
     */
    public static double pValue(double... values) {
        Estimate estimate = of(values);
        if (estimate.n < 2) {
            return Double.NaN;
        }
        TDistribution t = new TDistribution(estimate.n - 1);
        double standardError = estimate.halfWidth / t.inverseCumulativeProbability(0.5 + CONFIDENCE / 2);
        if (standardError < ROUNDING) {
            return Math.abs(estimate.mean) < ROUNDING ? 1 : Double.NaN;
        }
        return 2 * t.cumulativeProbability(-Math.abs(estimate.mean / standardError));
    }

    /** The same in percent or percentage points. */
    public Estimate percent() {
        return new Estimate(100 * mean, 100 * halfWidth, n);
    }

    /** A single seed has no interval. */
    public boolean hasInterval() {
        return Double.isFinite(halfWidth);
    }

    public double low() {
        return mean - halfWidth;
    }

    public double high() {
        return mean + halfWidth;
    }

    /**
     * What an axis must have room for.
     *
     * @throws IllegalArgumentException if there is no mean
     */
    public DoubleStream ends() {
        Validate.isTrue(Double.isFinite(mean), "A figure that is not finite cannot be plotted [figure: %s]", mean);
        return hasInterval() ? DoubleStream.of(low(), mean, high()) : DoubleStream.of(mean);
    }
}
