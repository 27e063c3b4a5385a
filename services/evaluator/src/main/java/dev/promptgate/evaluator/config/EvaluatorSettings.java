package dev.promptgate.evaluator.config;

import static dev.promptgate.service.settings.Setting.choice;
import static dev.promptgate.service.settings.Setting.decimal;
import static dev.promptgate.service.settings.Setting.duration;
import static dev.promptgate.service.settings.Setting.integer;
import static dev.promptgate.service.settings.Setting.text;

import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The evaluator's settings: what the gate demands, and how long it waits. */
public final class EvaluatorSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<Double> MAX_SEEN_DROP = ALL.add(decimal("evaluator.max-seen-drop", GateSettings.DEFAULT.maxSeenDrop(),
            "largest loss of seen-class accuracy allowed, a fraction; the confidence bound must stay above it"));
    public static final Setting<Double> MAX_UNSEEN_DROP = ALL.add(decimal("evaluator.max-unseen-drop", GateSettings.DEFAULT.maxUnseenDrop(),
            "the same for unseen classes"));
    public static final Setting<Double> CONFIDENCE = ALL.add(decimal("evaluator.confidence", GateSettings.DEFAULT.confidence(),
            "1 − the probability that a candidate which loses more than allowed is rolled out, over all looks at it"));
    public static final Setting<Integer> MIN_IMAGES = ALL.add(integer("evaluator.min-images", GateSettings.DEFAULT.minImages(),
            "held-out images of seen classes needed for a verdict"));
    public static final Setting<Integer> MIN_IMAGES_PER_CLASS = ALL.add(integer("evaluator.min-images-per-class",
            GateSettings.DEFAULT.minImagesPerClass(), "the same for each seen class"));
    public static final Setting<Integer> MIN_UNSEEN_IMAGES = ALL
            .add(integer("evaluator.min-unseen-images", GateSettings.DEFAULT.minUnseenImages(),
                    "images of unseen classes from which on these count; with fewer the seen classes alone decide"));
    public static final Setting<Double> MAX_ECE_INCREASE = ALL.add(decimal("evaluator.max-ece-increase",
            GateSettings.DEFAULT.maxEceIncrease(), "by how much a candidate's expected calibration error may exceed the live prompt's, a "
                    + "fraction; 1 refuses none"));
    public static final Setting<Double> TARGET_ERROR = ALL.add(decimal("evaluator.target-error", 0.05,
            "a rollout carries the threshold from which on, with a probability of 0.95, no more of its answers are wrong, a fraction")
            .must("lie between 0 and 1", error -> error > 0 && error < 1));
    public static final Setting<Integer> MAX_IMAGES_PER_CLASS = ALL.add(integer("evaluator.max-images-per-class", 200,
            "of each class the newest so many held-out or probe images judge").must("be positive", n -> n > 0));
    public static final Setting<Integer> RECHECK_IMAGES = ALL.add(integer("evaluator.recheck-images", 100,
            "an inconclusive candidate is judged again after so many further held-out or probe images at least, and half as many as at "
                    + "the last look")
            .must("be positive", n -> n > 0));
    public static final Setting<Duration> INCONCLUSIVE_DEADLINE = ALL.add(duration("evaluator.inconclusive-deadline", Duration.ofHours(1),
            "how long a candidate may stay inconclusive before it fails, from when it was written"));
    public static final Setting<Double> WATCH_CONFIDENCE = ALL.add(decimal("evaluator.watch-confidence", WatchSettings.DEFAULT_CONFIDENCE,
            "1 − the probability that a rollout which loses no more than allowed is ever rolled back"));
    public static final Setting<Integer> WATCH_PERIOD = ALL.add(integer("evaluator.watch-period", WatchSettings.DEFAULT_PERIOD_IMAGES,
            "new images after which the evidence against the live prompt starts afresh"));
    public static final Setting<Duration> COOL_DOWN = ALL.add(duration("evaluator.cool-down", Duration.ofMinutes(10),
            "after a rollback nothing is rolled out for so long"));
    public static final Setting<Integer> MEASURE_EVERY = ALL.add(integer("evaluator.measure-every", 500,
            "new held-out or probe images after which the live prompt is measured again").must("be positive", n -> n > 0));
    public static final Setting<Duration> IDLE_TIME = ALL.add(duration("evaluator.idle-time", Duration.ofSeconds(1),
            "pause of the stream after which the live prompt is measured, if anything changed"));
    public static final Setting<EmbeddingType> EMBEDDINGS_TYPE = ALL.add(choice("evaluator.embeddings-type", EmbeddingType.FLOAT32,
            "how `class-embeddings` holds text features, from the next change of the live prompt on"));
    public static final Setting<String> TRANSACTIONAL_ID = ALL.add(text("evaluator.transactional-id", "",
            "also the group that holds the checkpoint; empty takes one from the prompt's name: a second evaluator of a prompt fences "
                    + "the first"));

    private final SettingsValues values;

    public EvaluatorSettings(SettingsValues values) {
        this.values = values;
    }

    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /** @throws InvalidSettingsException if values make no sense */
    public GateSettings gate() {
        return checked(() -> new GateSettings(get(MAX_SEEN_DROP), get(MAX_UNSEEN_DROP), get(CONFIDENCE), get(MIN_IMAGES),
                get(MIN_IMAGES_PER_CLASS), get(MIN_UNSEEN_IMAGES), get(MAX_ECE_INCREASE)));
    }

    /** @throws InvalidSettingsException if values make no sense */
    public WatchSettings watch() {
        return checked(() -> new WatchSettings(get(MAX_SEEN_DROP), get(MAX_UNSEEN_DROP), get(WATCH_CONFIDENCE), get(WATCH_PERIOD)));
    }

    private static <T> T checked(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("evaluator.*: " + e.getMessage()));
        }
    }

    public String prompt() {
        return get(PromptSettings.NAME);
    }

    /** The transactional id and the group that holds the checkpoint. */
    public String writerName(String topicPrefix) {
        String id = get(TRANSACTIONAL_ID);
        return id.isEmpty() ? topicPrefix + "promptgate-evaluator-" + prompt() : id;
    }
}
