package dev.promptgate.learning.continual;

import dev.promptgate.learning.optimiser.OptimiserSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * How the learner learns; names and defaults of the papers where they have them.
 *
 * @param contextTokens N
 * @param contextInit the hand-written words that the context starts from
 * @param shots most images kept a class
 * @param minShots images after which a class is first trained on
 * @param refreshEvery new images in memory after which an update runs without a new class
 * @param settleShots after a class became ready, training images that must bring no further one before the update starts
 * @param steps optimiser steps of an update
 * @param warmUpSteps steps at the small constant rate
 */
public record LearningSettings(OptimiserSettings optimiser, int contextTokens, String contextInit, int batch, int shots, int minShots,
        int refreshEvery, int settleShots, int steps, int warmUpSteps, WarmStart warmStart, long seed) {
    public static final int DEFAULT_CONTEXT_TOKENS = 4;
    public static final String DEFAULT_CONTEXT_INIT = "a photo of a";
    public static final int DEFAULT_BATCH = 128;
    public static final int DEFAULT_SHOTS = 16;
    public static final int DEFAULT_MIN_SHOTS = 8;
    public static final int DEFAULT_REFRESH_EVERY = 256;
    public static final int DEFAULT_SETTLE_SHOTS = 64;
    public static final int DEFAULT_STEPS = 100;
    public static final int DEFAULT_WARM_UP_STEPS = 1;
    public static final WarmStart DEFAULT_WARM_START = WarmStart.CANDIDATE;
    public static final long DEFAULT_SEED = 1;

    /** @throws IllegalArgumentException naming every violation */
    public LearningSettings {
        List<String> violations = new ArrayList<>();
        if (contextTokens < 1 || contextTokens > 64) {
            violations.add("context tokens must lie between 1 and 64");
        }
        if (batch < 1 || steps < 1 || shots < 1 || minShots < 1 || refreshEvery < 1 || settleShots < 0) {
            violations.add("batch, steps, shots, min-shots and refresh-every must be positive, settle-shots not negative");
        }
        if (minShots > shots) {
            violations.add("min-shots must not exceed shots");
        }
        if (warmUpSteps < 0 || warmUpSteps >= steps) {
            violations.add("warm-up must be shorter than the update");
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }

    public static LearningSettings defaults() {
        return new LearningSettings(OptimiserSettings.defaults(), DEFAULT_CONTEXT_TOKENS, DEFAULT_CONTEXT_INIT, DEFAULT_BATCH,
                DEFAULT_SHOTS,
                DEFAULT_MIN_SHOTS, DEFAULT_REFRESH_EVERY, DEFAULT_SETTLE_SHOTS, DEFAULT_STEPS, DEFAULT_WARM_UP_STEPS, DEFAULT_WARM_START,
                DEFAULT_SEED);
    }
}
