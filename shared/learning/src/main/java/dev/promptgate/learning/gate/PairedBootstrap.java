package dev.promptgate.learning.gate;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * The paired bootstrap of the accuracy difference, without resampling: an image contributes +1, 0 or −1, so the bootstrap distribution of
 * the sum is known exactly (the "ideal bootstrap" of Efron and Tibshirani 1993, infinitely many resamples). The number of discordant images
 * is binomial, and so is the share of them that the candidate wins.
 *
 * <p>Each cell of the paired table gets ½ more (Agresti and Min 2005), so that few or no discordant images still leave doubt: without it a
 * sample that holds no loss would bootstrap to no loss for certain. Pure functions; no seed.
 */
public final class PairedBootstrap {
    private static final double SMOOTHING = 0.5;
    /** Further away than this many standard deviations lies less than 1e-15. */
    private static final double SPREAD = 8.5;

    private PairedBootstrap() {}

    /** Lower confidence bound of candidate − live, a fraction: the α-quantile of the bootstrap distribution; −1 without images. */
    public static double lowerBound(PairedOutcomes pairs, double alpha) {
        if (pairs.images() == 0) {
            return -1;
        }
        int images = pairs.images() + (int) (4 * SMOOTHING);
        double won = pairs.onlyCandidateRight() + SMOOTHING;
        double lost = pairs.onlyLiveRight() + SMOOTHING;
        Range discordant = Range.of(images, (won + lost) / images);
        double[] probabilityOfSum = new double[2 * discordant.to() + 1]; // index: sum + the most that can be lost
        for (int k = discordant.from(); k <= discordant.to(); k++) {
            double weight = discordant.probability(k);
            Range wins = Range.of(k, won / (won + lost));
            for (int w = wins.from(); w <= wins.to(); w++) {
                probabilityOfSum[2 * w - k + discordant.to()] += weight * wins.probability(w);
            }
        }
        double total = 0;
        for (int i = 0; i < probabilityOfSum.length; i++) {
            total += probabilityOfSum[i];
            if (total >= alpha) {
                return (double) (i - discordant.to()) / images;
            }
        }
        return 1;
    }

    /** A binomial distribution where it is not negligible; probabilities by recurrence from the mode outwards. */
    private record Range(int from, double[] probabilities) {
        static Range of(int trials, double p) {
            double mean = trials * p;
            double spread = SPREAD * Math.sqrt(trials * p * (1 - p) + 1);
            int from = (int) Math.max(0, Math.floor(mean - spread));
            int to = (int) Math.min(trials, Math.ceil(mean + spread));
            double[] probabilities = new double[to - from + 1];
            int mode = (int) Math.min(to, Math.round(mean));
            probabilities[mode - from] = new BinomialDistribution(null, trials, p).probability(mode);
            for (int k = mode; k < to; k++) {
                probabilities[k + 1 - from] = probabilities[k - from] * (trials - k) / (k + 1.0) * p / (1 - p);
            }
            for (int k = mode; k > from; k--) {
                probabilities[k - 1 - from] = probabilities[k - from] * k / (trials - k + 1.0) * (1 - p) / p;
            }
            return new Range(from, probabilities);
        }

        int to() {
            return from + probabilities.length - 1;
        }

        double probability(int k) {
            return probabilities[k - from];
        }
    }
}
