package dev.promptgate.learning.gate;

import dev.promptgate.clip.failure.Violations;

/**
 * What the gate demands; drops are the largest losses of accuracy that are allowed, fractions.
 *
 * @param confidence 1 − α, where α is the error probability of a candidate over all looks at it
 * @param minImages held-out images of seen classes needed for any verdict but inconclusive
 * @param minImagesPerClass the same for each seen class
 * @param minUnseenImages images of unseen classes from which on these count; with fewer the seen classes alone decide
 * @param maxEceIncrease by how much the expected calibration error may exceed the live prompt's, a fraction; 1 for no such demand
 */
public record GateSettings(double maxSeenDrop, double maxUnseenDrop, double confidence, int minImages, int minImagesPerClass,
        int minUnseenImages, double maxEceIncrease) {
    public static final GateSettings DEFAULT = new GateSettings(0.01, 0.03, 0.95, 100, 2, 100, 1);

    /** @throws IllegalArgumentException naming every violation */
    public GateSettings {
        new Violations()
                .unless(maxSeenDrop >= 0 && maxSeenDrop < 1 && maxUnseenDrop >= 0 && maxUnseenDrop <= 1,
                        "allowed drops are fractions, e.g. 0.01 for one point")
                .unless(confidence > 0.5 && confidence < 1, "the confidence must lie between 0.5 and 1")
                .unless(minImages >= 1 && minImagesPerClass >= 0 && minUnseenImages >= 1,
                        "at least one seen and one unseen image must be demanded, and no negative number a class")
                .unless(maxEceIncrease >= 0 && maxEceIncrease <= 1,
                        "the increase of the calibration error allowed is a fraction, 1 for any")
                .refuse();
    }

    /** Whether a candidate must be as well calibrated as the live prompt, but for what is allowed. */
    public boolean demandsCalibration() {
        return maxEceIncrease < 1;
    }
}
