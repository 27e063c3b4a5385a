package dev.promptgate.learning.gate;

import java.util.Locale;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Decides whether a candidate may replace the live prompt: a test of non-inferiority on paired images, for seen and unseen classes.
 *
 * <p>Pass: for both, the lower confidence bound of candidate − live is no worse than the allowed drop. Fail: for either, the upper bound
 * is below it, so the drop is established. Otherwise inconclusive, as with too few images. Pure functions.
 */
public final class RolloutGate {
    private RolloutGate() {}

    /**
     * @param seen held-out images of the candidate's classes, among these classes
     * @param unseen probe images, among the classes never trained; without any the seen classes alone decide
     * @param fewestPerClass images of the seen class that has fewest
     */
    public static Verdict decide(GateSettings settings, PairedOutcomes seen, PairedOutcomes unseen, int fewestPerClass) {
        double z = new NormalDistribution().inverseCumulativeProbability(settings.confidence());
        double seenLower = lower(seen, z);
        double unseenLower = lower(unseen, z);
        String figures = describe("seen", seen, seenLower, settings.maxSeenDrop(), settings.confidence()) + "; "
                + (unseen.images() == 0 ? "no unseen images" : describe("unseen", unseen, unseenLower, settings.maxUnseenDrop(), settings.confidence()));
        if (seen.images() < settings.minImages() || fewestPerClass < settings.minImagesPerClass()) {
            return new Verdict(Outcome.INCONCLUSIVE, "too few held-out images of seen classes (%d of %d, fewest of a class %d of %d): %s"
                    .formatted(seen.images(), settings.minImages(), fewestPerClass, settings.minImagesPerClass(), figures), seenLower, unseenLower);
        }
        if (established(seen, settings.maxSeenDrop(), z)) {
            return new Verdict(Outcome.FAIL, "seen classes regress: " + figures, seenLower, unseenLower);
        }
        if (established(unseen, settings.maxUnseenDrop(), z)) {
            return new Verdict(Outcome.FAIL, "unseen classes regress: " + figures, seenLower, unseenLower);
        }
        boolean seenHolds = seenLower >= -settings.maxSeenDrop();
        boolean unseenHolds = unseen.images() == 0 || unseenLower >= -settings.maxUnseenDrop();
        if (seenHolds && unseenHolds) {
            return new Verdict(Outcome.PASS, figures, seenLower, unseenLower);
        }
        String which = seenHolds ? "unseen" : unseenHolds ? "seen" : "seen and unseen";
        return new Verdict(Outcome.INCONCLUSIVE, "too few images to rule out a drop of the %s classes: %s".formatted(which, figures),
                seenLower, unseenLower);
    }

    private static double lower(PairedOutcomes outcomes, double z) {
        return outcomes.images() == 0 ? Double.NaN : outcomes.bound(-z);
    }

    private static boolean established(PairedOutcomes outcomes, double allowed, double z) {
        return outcomes.images() > 0 && outcomes.bound(z) < -allowed;
    }

    private static String describe(String name, PairedOutcomes outcomes, double lower, double allowed, double confidence) {
        if (outcomes.images() == 0) {
            return "no " + name + " images";
        }
        return String.format(Locale.ROOT, "%s %.1f%% → %.1f%% (%+.1f points on %d images, %.0f%% lower bound %+.1f, allowed %+.1f)", name,
                100 * outcomes.liveAccuracy(), 100 * outcomes.candidateAccuracy(), 100 * outcomes.difference(), outcomes.images(),
                100 * confidence, 100 * lower, -100 * allowed);
    }
}
