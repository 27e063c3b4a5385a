package dev.promptgate.learning.watch;

import dev.promptgate.clip.failure.Violations;

/**
 * How the live prompt is watched; drops are the losses of accuracy beyond which it goes, fractions.
 *
 * @param confidence 1 − the probability that a rollout which loses nothing beyond that is ever rolled back
 * @param periodImages images after which the evidence starts afresh
 */
public record WatchSettings(double maxSeenDrop, double maxUnseenDrop, double confidence, int periodImages) {
    public static final double DEFAULT_CONFIDENCE = 0.99;
    public static final int DEFAULT_PERIOD_IMAGES = 20_000;

    /** @throws IllegalArgumentException naming every violation */
    public WatchSettings {
        new Violations()
                .unless(maxSeenDrop >= 0 && maxSeenDrop < 1 && maxUnseenDrop >= 0 && maxUnseenDrop < 1,
                        "allowed drops are fractions below 1, e.g. 0.01 for one point")
                .unless(confidence > 0.5 && confidence < 1, "the watch's confidence must lie between 0.5 and 1")
                .unless(periodImages >= 1, "a watch's period must have an image at least")
                .refuse();
    }
}
