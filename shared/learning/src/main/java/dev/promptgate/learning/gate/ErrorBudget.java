package dev.promptgate.learning.gate;

/**
 * How the error probability α of a candidate is spent over repeated looks at growing evidence: two thirds at the first look, then half of
 * what is left each time. The shares never add up to more than α however often one looks (Bonferroni), so waiting for more images does not
 * inflate the rate of false rollouts. For later looks to be worth while the evidence must grow by half from one to the next.
 */
public final class ErrorBudget {
    private static final double FIRST_SHARE = 2 / 3.0;

    private ErrorBudget() {}

    /** The share of the look, counted from 1. */
    public static double atLook(double alpha, int look) {
        return look == 1 ? FIRST_SHARE * alpha : (1 - FIRST_SHARE) * alpha * Math.pow(0.5, look - 1.0);
    }

    /** The share of a watch's period, counted from 1: α / (j (j + 1)), which add up to α over endlessly many periods. */
    public static double inPeriod(double alpha, int period) {
        return alpha / ((double) period * (period + 1));
    }
}
