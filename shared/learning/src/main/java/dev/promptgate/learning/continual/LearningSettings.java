package dev.promptgate.learning.continual;

import dev.promptgate.clip.failure.Violations;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.training.SgdSettings;

/** How the learner learns; names and defaults of the papers where they have them. The seed is of memory and batches. */
public record LearningSettings(MethodSettings method, SgdSettings sgd, Start start, Shots shots, Update update, Urgency urgency,
        long seed) {
    public static final ContextMethod DEFAULT_METHOD = ContextMethod.GCSCOOP;
    public static final String DEFAULT_CONTEXT_INIT = "a photo of a";
    public static final long DEFAULT_SEED = 1;

    /** What the context starts from: N hand-written words. */
    public record Start(int contextTokens, String contextInit) {
        public static final Start DEFAULT = new Start(4, DEFAULT_CONTEXT_INIT);
    }

    /**
     * What is kept, and when an update is due.
     *
     * @param most images kept a class
     * @param least images after which a class is first trained on
     * @param refreshEvery new images in memory after which an update runs without a new class
     * @param settle after a class became ready, training images that must bring no further one before the update starts
     */
    public record Shots(int most, int least, int refreshEvery, int settle) {
        public static final Shots DEFAULT = new Shots(16, 8, 256, 64);
    }

    /** An update; its first steps are at the small constant rate. */
    public record Update(int batch, int steps, int warmUpSteps, WarmStart warmStart) {
        public static final Update DEFAULT = new Update(128, 100, 1, WarmStart.CANDIDATE);
    }

    /**
     * Updates that many new classes do not let wait until the stream settles.
     *
     * @param classes new ones that an update starts for though others keep coming; 0 if none does
     * @param steps of such an update, at most, if it starts from a candidate; the whole one follows once the stream settles
     */
    public record Urgency(int classes, int steps) {
        public static final Urgency DEFAULT = new Urgency(100, 25);
    }

    public enum WarmStart {
        CANDIDATE,
        /** The hand-written prompt, every time. */
        INITIAL
    }

    /** @throws IllegalArgumentException naming every violation */
    public LearningSettings {
        new Violations()
                .unless(start.contextTokens >= 1 && start.contextTokens <= 64, "context tokens must lie between 1 and 64")
                .unless(update.batch >= 1 && update.steps >= 1 && shots.most >= 1 && shots.least >= 1 && shots.refreshEvery >= 1
                        && shots.settle >= 0,
                        "batch, steps, shots, min-shots and refresh-every must be positive, settle-shots not negative")
                .unless(shots.least <= shots.most, "min-shots must not exceed shots")
                .unless(update.warmUpSteps >= 0 && update.warmUpSteps < update.steps, "warm-up must be shorter than the update")
                .unless(method.takesBatch(update.batch), "classes-per-step must exceed batch, whose classes are all in a step, or be 0")
                .unless(urgency.classes >= 0 && urgency.steps >= 1, "urgent-classes must not be negative, urgent-steps positive")
                .refuse();
    }
}
