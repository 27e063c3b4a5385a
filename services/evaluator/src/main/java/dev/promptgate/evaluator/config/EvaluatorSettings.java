package dev.promptgate.evaluator.config;

import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.List;

/** The evaluator's settings: what the gate demands, and how long it waits. */
public final class EvaluatorSettings {
    public static final Setting<Double> MAX_SEEN_DROP = Setting.decimal("evaluator.max-seen-drop", GateSettings.DEFAULT_MAX_SEEN_DROP,
            "largest loss of seen-class accuracy allowed, a fraction; the confidence bound must stay above it");
    public static final Setting<Double> MAX_UNSEEN_DROP = Setting.decimal("evaluator.max-unseen-drop", GateSettings.DEFAULT_MAX_UNSEEN_DROP,
            "the same for unseen classes");
    public static final Setting<Double> CONFIDENCE = Setting.decimal("evaluator.confidence", GateSettings.DEFAULT_CONFIDENCE,
            "1 − the probability that a candidate which loses more than allowed is rolled out, over all looks at it");
    public static final Setting<Integer> MIN_IMAGES = Setting.integer("evaluator.min-images", GateSettings.DEFAULT_MIN_IMAGES,
            "held-out images of seen classes needed for a verdict");
    public static final Setting<Integer> MIN_IMAGES_PER_CLASS = Setting.integer("evaluator.min-images-per-class",
            GateSettings.DEFAULT_MIN_IMAGES_PER_CLASS, "the same for each seen class");
    public static final Setting<Integer> MIN_UNSEEN_IMAGES = Setting.integer("evaluator.min-unseen-images",
            GateSettings.DEFAULT_MIN_UNSEEN_IMAGES,
            "images of unseen classes from which on these count; with fewer the seen classes alone decide");
    public static final Setting<Integer> MAX_IMAGES_PER_CLASS = Setting
            .integer("evaluator.max-images-per-class", 200, "of each class the newest so many held-out or probe images judge")
            .must("be positive", n -> n > 0);
    public static final Setting<Integer> RECHECK_IMAGES = Setting.integer("evaluator.recheck-images", 100,
            "an inconclusive candidate is judged again after so many further held-out or probe images at least, and half as many as at the last look")
            .must("be positive", n -> n > 0);
    public static final Setting<Duration> INCONCLUSIVE_DEADLINE = Setting.duration("evaluator.inconclusive-deadline", Duration.ofHours(1),
            "how long a candidate may stay inconclusive before it fails, from when it was written");
    public static final Setting<Double> WATCH_CONFIDENCE = Setting.decimal("evaluator.watch-confidence", WatchSettings.DEFAULT_CONFIDENCE,
            "1 − the probability that a rollout which loses no more than allowed is ever rolled back");
    public static final Setting<Integer> WATCH_PERIOD = Setting.integer("evaluator.watch-period", WatchSettings.DEFAULT_PERIOD_IMAGES,
            "new images after which the evidence against the live prompt starts afresh");
    public static final Setting<Duration> COOL_DOWN = Setting.duration("evaluator.cool-down", Duration.ofMinutes(10),
            "after a rollback nothing is rolled out for so long");
    public static final Setting<Integer> MEASURE_EVERY = Setting
            .integer("evaluator.measure-every", 500, "new held-out or probe images after which the live prompt is measured again")
            .must("be positive", n -> n > 0);
    public static final Setting<Duration> IDLE_TIME = Setting.duration("evaluator.idle-time", Duration.ofSeconds(1),
            "pause of the stream after which the live prompt is measured, if anything changed");
    public static final Setting<String> TRANSACTIONAL_ID = Setting.text("evaluator.transactional-id", "",
            "also the group that holds the checkpoint; empty takes one from the prompt's name: a second evaluator of a prompt fences the first");

    private final SettingsValues values;

    public EvaluatorSettings(SettingsValues values) {
        this.values = values;
    }

    public static List<Setting<?>> all() {
        return List.of(MAX_SEEN_DROP, MAX_UNSEEN_DROP, CONFIDENCE, MIN_IMAGES, MIN_IMAGES_PER_CLASS, MIN_UNSEEN_IMAGES,
                MAX_IMAGES_PER_CLASS,
                RECHECK_IMAGES, INCONCLUSIVE_DEADLINE, WATCH_CONFIDENCE, WATCH_PERIOD, COOL_DOWN, MEASURE_EVERY, IDLE_TIME,
                TRANSACTIONAL_ID);
    }

    /** @throws InvalidSettingsException if values make no sense */
    public GateSettings gate() {
        try {
            return new GateSettings(values.get(MAX_SEEN_DROP), values.get(MAX_UNSEEN_DROP), values.get(CONFIDENCE), values.get(MIN_IMAGES),
                    values.get(MIN_IMAGES_PER_CLASS), values.get(MIN_UNSEEN_IMAGES));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("evaluator.*: " + e.getMessage()));
        }
    }

    /** @throws InvalidSettingsException if values make no sense */
    public WatchSettings watch() {
        try {
            return new WatchSettings(values.get(MAX_SEEN_DROP), values.get(MAX_UNSEEN_DROP), values.get(WATCH_CONFIDENCE),
                    values.get(WATCH_PERIOD));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("evaluator.*: " + e.getMessage()));
        }
    }

    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    public String contextInit() {
        return values.get(PromptSettings.CONTEXT_INIT);
    }

    /** Images after which an inconclusive candidate is judged again. */
    public int recheckImages() {
        return values.get(RECHECK_IMAGES);
    }

    /** How long a candidate may stay inconclusive. */
    public Duration inconclusiveDeadline() {
        return values.get(INCONCLUSIVE_DEADLINE);
    }

    /** Of each class so many images judge. */
    public int maxImagesPerClass() {
        return values.get(MAX_IMAGES_PER_CLASS);
    }

    /** How long nothing is rolled out after a rollback. */
    public Duration coolDown() {
        return values.get(COOL_DOWN);
    }

    /** Images after which the live prompt is measured again. */
    public int measureEvery() {
        return values.get(MEASURE_EVERY);
    }

    /** Pause after which the live prompt is measured. */
    public Duration idleTime() {
        return values.get(IDLE_TIME);
    }

    /** The transactional id and the group that holds the checkpoint. */
    public String writerName(String topicPrefix) {
        String id = values.get(TRANSACTIONAL_ID);
        return id.isEmpty() ? topicPrefix + "promptgate-evaluator-" + prompt() : id;
    }
}
