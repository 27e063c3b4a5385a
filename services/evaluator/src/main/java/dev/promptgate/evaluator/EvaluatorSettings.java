package dev.promptgate.evaluator;

import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.List;

/** The evaluator's settings: what the gate demands, and how long it waits. */
public final class EvaluatorSettings {
    public static final Setting<Double> MAX_SEEN_DROP = Setting.decimal("evaluator.max-seen-drop", GateSettings.DEFAULT_MAX_SEEN_DROP, "largest loss of seen-class accuracy allowed, a fraction; the confidence bound must stay above it");
    public static final Setting<Double> MAX_UNSEEN_DROP = Setting.decimal("evaluator.max-unseen-drop", GateSettings.DEFAULT_MAX_UNSEEN_DROP, "the same for unseen classes");
    public static final Setting<Double> CONFIDENCE = Setting.decimal("evaluator.confidence", GateSettings.DEFAULT_CONFIDENCE, "of the one-sided bounds");
    public static final Setting<Integer> MIN_IMAGES = Setting.integer("evaluator.min-images", GateSettings.DEFAULT_MIN_IMAGES, "held-out images of seen classes needed for a verdict");
    public static final Setting<Integer> MIN_IMAGES_PER_CLASS = Setting.integer("evaluator.min-images-per-class", GateSettings.DEFAULT_MIN_IMAGES_PER_CLASS, "the same for each seen class");
    public static final Setting<Integer> RECHECK_IMAGES = Setting.integer("evaluator.recheck-images", 100, "further held-out or probe images after which an inconclusive candidate is judged again").must("be positive", n -> n > 0);
    public static final Setting<Duration> INCONCLUSIVE_DEADLINE = Setting.duration("evaluator.inconclusive-deadline", Duration.ofHours(1), "how long a candidate may stay inconclusive before it fails");
    public static final Setting<Integer> MEASURE_EVERY = Setting.integer("evaluator.measure-every", 500, "new held-out or probe images after which the live prompt is measured again").must("be positive", n -> n > 0);
    public static final Setting<Duration> IDLE_TIME = Setting.duration("evaluator.idle-time", Duration.ofSeconds(1), "pause of the stream after which the live prompt is measured, if anything changed");
    public static final Setting<String> TRANSACTIONAL_ID = Setting.text("evaluator.transactional-id", "", "empty takes one from the prompt's name: a second evaluator of a prompt fences the first");

    private final SettingsValues values;

    /** A view of the values. */
    public EvaluatorSettings(SettingsValues values) {
        this.values = values;
    }

    /** This concern's settings. */
    public static List<Setting<?>> all() {
        return List.of(MAX_SEEN_DROP, MAX_UNSEEN_DROP, CONFIDENCE, MIN_IMAGES, MIN_IMAGES_PER_CLASS, RECHECK_IMAGES, INCONCLUSIVE_DEADLINE,
                MEASURE_EVERY, IDLE_TIME, TRANSACTIONAL_ID);
    }

    /** @throws InvalidSettingsException if values make no sense */
    public GateSettings gate() {
        try {
            return new GateSettings(values.get(MAX_SEEN_DROP), values.get(MAX_UNSEEN_DROP), values.get(CONFIDENCE), values.get(MIN_IMAGES),
                    values.get(MIN_IMAGES_PER_CLASS));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("evaluator.*: " + e.getMessage()));
        }
    }

    /** The prompt's name. */
    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    /** The hand-written words. */
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

    /** Images after which the live prompt is measured again. */
    public int measureEvery() {
        return values.get(MEASURE_EVERY);
    }

    /** Pause after which the live prompt is measured. */
    public Duration idleTime() {
        return values.get(IDLE_TIME);
    }

    /** The producer's transactional id. */
    public String transactionalId(String topicPrefix) {
        String id = values.get(TRANSACTIONAL_ID);
        return id.isEmpty() ? "promptgate-evaluator-" + topicPrefix + prompt() : id;
    }
}
