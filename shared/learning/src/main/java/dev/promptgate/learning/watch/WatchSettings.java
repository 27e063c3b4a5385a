package dev.promptgate.learning.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * How the live prompt is watched.
 *
 * @param maxSeenDrop the loss of seen-class accuracy beyond which the prompt goes, a fraction
 * @param maxUnseenDrop the same for unseen classes
 * @param confidence 1 − the probability that a rollout which loses nothing beyond that is ever rolled back
 * @param periodImages images after which the evidence starts afresh
 */
public record WatchSettings(double maxSeenDrop, double maxUnseenDrop, double confidence, int periodImages) {
    public static final double DEFAULT_CONFIDENCE = 0.99;
    public static final int DEFAULT_PERIOD_IMAGES = 20_000;

    /** @throws IllegalArgumentException naming every violation */
    public WatchSettings {
        List<String> violations = new ArrayList<>();
        if (!(maxSeenDrop >= 0 && maxSeenDrop < 1) || !(maxUnseenDrop >= 0 && maxUnseenDrop < 1)) {
            violations.add("allowed drops are fractions below 1, e.g. 0.01 for one point");
        }
        if (!(confidence > 0.5 && confidence < 1)) {
            violations.add("the watch's confidence must lie between 0.5 and 1");
        }
        if (periodImages < 1) {
            violations.add("a watch's period must have an image at least");
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }
}
