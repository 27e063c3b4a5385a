package dev.promptgate.learning.gate;

import org.apache.commons.math3.special.Beta;

/**
 * McNemar's test on paired images in its exact form (McNemar 1947; the binomial test of the discordant pairs). Under no difference a
 * discordant pair falls to either side with probability ½. Pure functions.
 */
public final class ExactMcNemar {
    private ExactMcNemar() {}

    /**
     * One-sided p-value of a loss: the probability, if the candidate were as good as the other prompt, of losing at least as many of the
     * discordant images as it lost. 1 without discordant images.
     */
    public static double lossPValue(PairedOutcomes pairs) {
        int lost = pairs.onlyLiveRight();
        int discordant = lost + pairs.onlyCandidateRight();
        // P(X ≥ k) for X ~ Bin(n, ½) is the regularised incomplete beta I_½(k, n − k + 1).
        return lost == 0 ? 1 : Beta.regularizedBeta(0.5, lost, discordant - lost + 1.0);
    }
}
