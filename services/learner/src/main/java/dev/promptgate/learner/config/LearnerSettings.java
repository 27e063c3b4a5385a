package dev.promptgate.learner.config;

import dev.promptgate.clip.failure.Violations;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.LearningSettings.WarmStart;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.training.SgdSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The learner's settings: every hyperparameter of the method, and when it learns. */
public record LearnerSettings(SettingsValues values) {
    /** What becomes of updates that came due while one ran. */
    public enum LateUpdates {
        /** One on everything that was taken in by then: as fresh as can be. */
        MERGE,
        /** Each on its own records: the same records give the same candidates, however long an update takes. */
        EACH
    }

    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<ContextMethod> METHOD = ALL.add(Setting.choice("learner.method", LearningSettings.DEFAULT_METHOD,
            "how the context is learned; promptgate compare --list-methods describes each"));
    public static final Setting<LabelLoss> LOSS = ALL.add(Setting.choice("learner.loss", LabelLoss.CROSS_ENTROPY,
            "of every method; the other two give an image less weight the less likely the prediction finds its label, for streams with "
                    + "wrong labels"));
    /** The hyperparameters that some methods have. */
    private static final Map<Hyperparameter, Setting<Double>> HYPERPARAMETERS = hyperparameters();
    public static final Setting<Double> LEARNING_RATE = ALL.add(Setting.decimal("learner.learning-rate", SgdSettings.DEFAULT.learningRate(),
            "peak of the cosine schedule"));
    public static final Setting<Double> MOMENTUM = ALL
            .add(Setting.decimal("learner.momentum", SgdSettings.DEFAULT.momentum(), "SGD momentum"));
    public static final Setting<Double> WEIGHT_DECAY = ALL.add(Setting.decimal("learner.weight-decay", SgdSettings.DEFAULT.weightDecay(),
            "SGD weight decay"));
    public static final Setting<Integer> BATCH = ALL.add(Setting.integer("learner.batch", LearningSettings.Update.DEFAULT.batch(),
            "images of a step"));
    public static final Setting<Integer> CLASSES_PER_STEP = ALL.add(Setting.integer("learner." + Hyperparameter.CLASSES_PER_STEP.key(),
            (int) Hyperparameter.CLASSES_PER_STEP.defaultValue(), Hyperparameter.CLASSES_PER_STEP.description()));
    public static final Setting<Integer> SHOTS = ALL.add(Setting.integer("learner.shots", LearningSettings.Shots.DEFAULT.most(),
            "most images kept a class"));
    public static final Setting<Integer> MIN_SHOTS = ALL.add(Setting.integer("learner.min-shots", LearningSettings.Shots.DEFAULT.least(),
            "images after which a class is first trained on"));
    public static final Setting<Integer> REFRESH_EVERY = ALL.add(Setting.integer("learner.refresh-every",
            LearningSettings.Shots.DEFAULT.refreshEvery(), "new images in memory after which an update runs without a new class"));
    public static final Setting<Integer> SETTLE_SHOTS = ALL
            .add(Setting.integer("learner.settle-shots", LearningSettings.Shots.DEFAULT.settle(),
                    "after a class became ready, training images without a further one before the update starts"));
    public static final Setting<Duration> SETTLE_TIME = ALL.add(Setting.duration("learner.settle-time", Duration.ofSeconds(2),
            "a due update starts after this long without a new feature"));
    public static final Setting<LateUpdates> LATE_UPDATES = ALL.add(Setting.choice("learner.late-updates", LateUpdates.MERGE,
            "updates that came due while one ran: one on all that was taken in meanwhile, or each on its own records, whatever the pace"));
    public static final Setting<Integer> URGENT_CLASSES = ALL
            .add(Setting.integer("learner.urgent-classes", LearningSettings.Urgency.DEFAULT.classes(),
                    "new classes, and half as many as were trained on before, that an update starts for though "
                            + "others keep coming; 0: none does"));
    public static final Setting<Integer> URGENT_STEPS = ALL
            .add(Setting.integer("learner.urgent-steps", LearningSettings.Urgency.DEFAULT.steps(),
                    "most optimiser steps of an update that urgent-classes wait for and that starts from a candidate; the whole "
                            + "one follows once the stream settles"));
    public static final Setting<Integer> STEPS = ALL.add(Setting.integer("learner.steps", LearningSettings.Update.DEFAULT.steps(),
            "optimiser steps of an update"));
    public static final Setting<Integer> WARM_UP_STEPS = ALL.add(Setting.integer("learner.warm-up-steps",
            LearningSettings.Update.DEFAULT.warmUpSteps(), "of these, steps at the constant rate 1e-5"));
    public static final Setting<WarmStart> WARM_START = ALL
            .add(Setting.choice("learner.warm-start", LearningSettings.Update.DEFAULT.warmStart(),
                    "an update starts from the last candidate, or from the hand-written prompt every time"));
    public static final Setting<Long> SEED = ALL
            .add(Setting.longInteger("learner.seed", LearningSettings.DEFAULT_SEED, "of memory and batches"));

    private static Map<Hyperparameter, Setting<Double>> hyperparameters() {
        Map<Hyperparameter, Setting<Double>> settings = new EnumMap<>(Hyperparameter.class);
        Arrays.stream(Hyperparameter.values()).filter(h -> h.isSetting() && h != Hyperparameter.CLASSES_PER_STEP)
                .forEach(h -> settings.put(h, ALL.add(Setting.decimal("learner." + h.key(), h.defaultValue(), h.description()))));
        return settings;
    }

    /** @throws InvalidSettingsException naming every value that is wrong or contradicts another; of methods that are not chosen, too */
    public LearningSettings learning() {
        Map<Hyperparameter, Double> chosen = new EnumMap<>(Hyperparameter.class);
        HYPERPARAMETERS.forEach((hyperparameter, setting) -> chosen.put(hyperparameter, values.get(setting)));
        chosen.put(Hyperparameter.CLASSES_PER_STEP, (double) values.get(CLASSES_PER_STEP));
        Violations violations = new Violations();
        Map<ContextMethod, MethodSettings> methods = new EnumMap<>(ContextMethod.class);
        for (ContextMethod method : ContextMethod.values()) {
            methods.put(method,
                    violations.part(() -> new MethodSettings(method, chosen, values.get(LOSS)), MethodSettings.defaults(method)));
        }
        SgdSettings sgd = violations.part(
                () -> new SgdSettings(values.get(LEARNING_RATE), values.get(MOMENTUM), values.get(WEIGHT_DECAY)), SgdSettings.DEFAULT);
        LearningSettings learning = violations.part(() -> new LearningSettings(methods.get(values.get(METHOD)), sgd,
                new LearningSettings.Start(values.get(PromptSettings.CONTEXT_TOKENS), values.get(PromptSettings.CONTEXT_INIT)),
                new LearningSettings.Shots(values.get(SHOTS), values.get(MIN_SHOTS), values.get(REFRESH_EVERY), values.get(SETTLE_SHOTS)),
                new LearningSettings.Update(values.get(BATCH), values.get(STEPS), values.get(WARM_UP_STEPS), values.get(WARM_START)),
                new LearningSettings.Urgency(values.get(URGENT_CLASSES), values.get(URGENT_STEPS)), values.get(SEED)), null);
        try {
            violations.refuse();
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("learner.*: " + e.getMessage()));
        }
        return learning;
    }

    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    /** The transactional id and the group that holds the checkpoint: a second learner of a prompt fences the first. */
    public String writerName(String topicPrefix) {
        return topicPrefix + "promptgate-learner-" + prompt();
    }
}
