package dev.promptgate.learning.gate;

import java.util.Locale;
import org.apache.commons.math3.special.Beta;

/**
 * What the statistics say of a candidate on one kind of images, {@code seen} or {@code unseen}, against one other prompt, e.g. {@code
 * live}.
 *
 * @param allowedDrop a fraction
 * @param alpha error probability of both tests
 * @param lossPValue exact McNemar, one-sided
 * @param lowerBound paired bootstrap, of candidate − other; NaN without images
 */
public record PairedTest(String against, String protocol, PairedOutcomes pairs, double allowedDrop, double alpha, double lossPValue,
        double lowerBound) {
    public static PairedTest of(String against, String protocol, PairedOutcomes pairs, double allowedDrop, double alpha) {
        return new PairedTest(against, protocol, pairs, allowedDrop, alpha, lossPValue(pairs),
                pairs.images() == 0 ? Double.NaN : PairedBootstrap.lowerBound(pairs, alpha));
    }

    /**
     * McNemar's test on paired images in its exact form (McNemar 1947): the probability, if the candidate were as good as the other prompt,
     * so that a discordant image falls to either side with probability ½, of losing at least as many of them as it lost. 1 without any.
     */
    static double lossPValue(PairedOutcomes pairs) {
        int lost = pairs.onlyLiveRight();
        int discordant = lost + pairs.onlyCandidateRight();
        // P(X ≥ k) for X ~ Bin(n, ½) is the regularised incomplete beta I_½(k, n − k + 1).
        return lost == 0 ? 1 : Beta.regularizedBeta(0.5, lost, discordant - lost + 1.0);
    }

    /** Whether a loss beyond what is allowed can be ruled out. */
    public boolean holds() {
        return lowerBound >= -allowedDrop;
    }

    /** Whether a loss is established, and larger than what is allowed. */
    public boolean isLost() {
        return pairs.images() > 0 && lossPValue <= alpha && pairs.difference() < -allowedDrop;
    }

    /**
     * Whether a loss is so plain that no further images can mend it. For looks at too few images, which cost nothing of the error budget: a
     * twentieth of their share keeps what they add to it small.
     */
    public boolean isPlainlyLost() {
        return isLost() && lossPValue <= alpha / 20;
    }

    public String describe() {
        if (pairs.images() == 0) {
            return "no " + protocol + " images";
        }
        return String.format(Locale.ROOT,
                "%s %.1f%% → %.1f%% against %s (%+.1f points on %d images, %d won, %d lost, p of a loss %.3f, lower bound %+.1f, "
                        + "allowed %+.1f)",
                protocol, 100 * pairs.liveAccuracy(), 100 * pairs.candidateAccuracy(), against, 100 * pairs.difference(), pairs.images(),
                pairs.onlyCandidateRight(), pairs.onlyLiveRight(), lossPValue, 100 * lowerBound, -100 * allowedDrop);
    }
}
