package dev.promptgate.learner.config;

import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.WarmStart;
import dev.promptgate.learning.optimiser.Method;
import dev.promptgate.learning.optimiser.OptimiserSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.List;

/** The learner's settings: every hyperparameter of the method, and when it learns. */
public final class LearnerSettings {
    private static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<Method> METHOD = ALL.add(Setting.choice("learner.method", Method.GCSCOOP,
            "optimiser of the context: plain SGD, sharpness-aware, or gradient-constrained"));
    public static final Setting<Double> RHO = ALL.add(Setting.decimal("learner.rho", OptimiserSettings.DEFAULT_RHO,
            "ρ, radius of the perturbation"));
    public static final Setting<Double> LOWER_BOUND = ALL.add(Setting.decimal("learner.lower-bound", OptimiserSettings.DEFAULT_LOWER_BOUND,
            "β1: at or below this cosine the plain gradient is taken; at or below zero never"));
    public static final Setting<Double> UPPER_BOUND = ALL.add(Setting.decimal("learner.upper-bound", OptimiserSettings.DEFAULT_UPPER_BOUND,
            "β2: from this cosine on the sharpness-aware gradient is taken"));
    public static final Setting<Double> LEARNING_RATE = ALL
            .add(Setting.decimal("learner.learning-rate", OptimiserSettings.DEFAULT_LEARNING_RATE,
                    "peak of the cosine schedule"));
    public static final Setting<Double> MOMENTUM = ALL
            .add(Setting.decimal("learner.momentum", OptimiserSettings.DEFAULT_MOMENTUM, "SGD momentum"));
    public static final Setting<Double> WEIGHT_DECAY = ALL
            .add(Setting.decimal("learner.weight-decay", OptimiserSettings.DEFAULT_WEIGHT_DECAY,
                    "SGD weight decay"));
    public static final Setting<Integer> BATCH = ALL
            .add(Setting.integer("learner.batch", LearningSettings.DEFAULT_BATCH, "images of a step"));
    public static final Setting<Integer> SHOTS = ALL.add(Setting.integer("learner.shots", LearningSettings.DEFAULT_SHOTS,
            "most images kept a class"));
    public static final Setting<Integer> MIN_SHOTS = ALL.add(Setting.integer("learner.min-shots", LearningSettings.DEFAULT_MIN_SHOTS,
            "images after which a class is first trained on"));
    public static final Setting<Integer> REFRESH_EVERY = ALL
            .add(Setting.integer("learner.refresh-every", LearningSettings.DEFAULT_REFRESH_EVERY,
                    "new images in memory after which an update runs without a new class"));
    public static final Setting<Integer> SETTLE_SHOTS = ALL
            .add(Setting.integer("learner.settle-shots", LearningSettings.DEFAULT_SETTLE_SHOTS,
                    "after a class became ready, training images without a further one before the update starts"));
    public static final Setting<Duration> SETTLE_TIME = ALL.add(Setting.duration("learner.settle-time", Duration.ofSeconds(2),
            "a due update starts after this long without a new feature"));
    public static final Setting<Integer> STEPS = ALL.add(Setting.integer("learner.steps", LearningSettings.DEFAULT_STEPS,
            "optimiser steps of an update"));
    public static final Setting<Integer> WARM_UP_STEPS = ALL
            .add(Setting.integer("learner.warm-up-steps", LearningSettings.DEFAULT_WARM_UP_STEPS,
                    "of these, steps at the constant rate 1e-5"));
    public static final Setting<WarmStart> WARM_START = ALL.add(Setting.choice("learner.warm-start", LearningSettings.DEFAULT_WARM_START,
            "an update starts from the last candidate, or from the hand-written prompt every time"));
    public static final Setting<Long> SEED = ALL
            .add(Setting.longInteger("learner.seed", LearningSettings.DEFAULT_SEED, "of memory and batches"));

    private final SettingsValues values;

    public LearnerSettings(SettingsValues values) {
        this.values = values;
    }

    public static List<Setting<?>> all() {
        return ALL.all();
    }

    /** @throws InvalidSettingsException if values contradict each other */
    public LearningSettings learning() {
        try {
            return new LearningSettings(
                    new OptimiserSettings(values.get(METHOD), values.get(RHO), values.get(LOWER_BOUND), values.get(UPPER_BOUND),
                            values.get(LEARNING_RATE), values.get(MOMENTUM), values.get(WEIGHT_DECAY)),
                    values.get(PromptSettings.CONTEXT_TOKENS), values.get(PromptSettings.CONTEXT_INIT), values.get(BATCH),
                    values.get(SHOTS),
                    values.get(MIN_SHOTS), values.get(REFRESH_EVERY), values.get(SETTLE_SHOTS), values.get(STEPS),
                    values.get(WARM_UP_STEPS),
                    values.get(WARM_START), values.get(SEED));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("learner.*: " + e.getMessage()));
        }
    }

    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    /** The transactional id and the group that holds the checkpoint: a second learner of a prompt fences the first. */
    public String writerName(String topicPrefix) {
        return topicPrefix + "promptgate-learner-" + prompt();
    }

    /** Pause of the stream after which a due update starts. */
    public Duration settleTime() {
        return values.get(SETTLE_TIME);
    }
}
