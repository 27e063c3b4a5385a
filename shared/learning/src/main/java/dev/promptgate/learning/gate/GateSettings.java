package dev.promptgate.learning.gate;

import dev.promptgate.clip.failure.Violations;

/**
 * What the gate demands; drops are the largest losses of accuracy that are allowed, fractions.
 *
 * @param confidence 1 − α, where α is the error probability of a candidate over all looks at it
 * @param minImages held-out images of seen classes needed for any verdict but inconclusive
 * @param minImagesPerClass the same for each seen class
 * @param minUnseenImages images of unseen classes from which on these count; with fewer the seen classes alone decide
 */
public record GateSettings(double maxSeenDrop, double maxUnseenDrop, double confidence, int minImages, int minImagesPerClass,
        int minUnseenImages) {
    public static final double DEFAULT_MAX_SEEN_DROP = 0.01;
    public static final double DEFAULT_MAX_UNSEEN_DROP = 0.03;
    public static final double DEFAULT_CONFIDENCE = 0.95;
    public static final int DEFAULT_MIN_IMAGES = 100;
    public static final int DEFAULT_MIN_IMAGES_PER_CLASS = 2;
    public static final int DEFAULT_MIN_UNSEEN_IMAGES = 100;

    /** @throws IllegalArgumentException naming every violation */
    public GateSettings {
        new Violations()
                .unless(maxSeenDrop >= 0 && maxSeenDrop < 1 && maxUnseenDrop >= 0 && maxUnseenDrop <= 1,
                        "allowed drops are fractions, e.g. 0.01 for one point")
                .unless(confidence > 0.5 && confidence < 1, "the confidence must lie between 0.5 and 1")
                .unless(minImages >= 1 && minImagesPerClass >= 0 && minUnseenImages >= 1,
                        "at least one seen and one unseen image must be demanded, and no negative number a class")
                .refuse();
    }

    public static GateSettings defaults() {
        return new GateSettings(DEFAULT_MAX_SEEN_DROP, DEFAULT_MAX_UNSEEN_DROP, DEFAULT_CONFIDENCE, DEFAULT_MIN_IMAGES,
                DEFAULT_MIN_IMAGES_PER_CLASS, DEFAULT_MIN_UNSEEN_IMAGES);
    }
}
