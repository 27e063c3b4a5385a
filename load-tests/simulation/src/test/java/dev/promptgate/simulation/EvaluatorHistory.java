package dev.promptgate.simulation;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Leap;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.Action;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What others write into the evaluator's topics in some minutes, drawn from a seed: images of seen classes and of others, in batches, some
 * aborted, some sent again, relabelled or deleted; classes retired and brought back; candidates of known accuracy, some of them damaged or
 * of a second learner; commands; pauses, and now and then a night after which the features are compacted, or images that are harder from
 * some time on.
 */
final class EvaluatorHistory {
    static final String PROMPT = "default";
    static final TopicNames TOPICS = new TopicNames("");
    static final long BEGIN = 1_700_000_000_000L;
    static final double MAX_SEEN_DROP = 0.1;
    private static final PromptKey KEY = new PromptKey(PROMPT);
    /** The longest that a transaction of an encoder or learner takes. */
    private static final int COMMIT_MILLIS = 100;
    /** Losses of accuracy against the best candidate so far. */
    private static final double[] LOSSES = {-0.02, 0, 0, 0.05, 0.111, 0.111, 0.111, 0.2, 0.35};

    final SimulatedLog log = new SimulatedLog();
    /** By version; those of records that are never judged are missing. */
    final Map<Long, Double> accuracies = new HashMap<>();
    final Map<Long, List<String>> classes = new HashMap<>();
    final Map<String, String> settings = new HashMap<>();
    final double handWritten;
    final long end;
    /** Whether from some time on images are harder for some contexts: then accuracies are no longer what they were. */
    final boolean drifts;
    private final SplittableRandom random;
    private final List<ImageFeature> sent = new ArrayList<>();
    private long time = BEGIN;
    private long lastVersion;
    private long lastHorizon;
    private int images;
    private int hardBlock = -1;
    /** Offsets behind records, as the learner takes them in. */
    private final List<Long> horizons = new ArrayList<>();
    private int trained = 4;
    /**
     * How far the clock of the broker of candidates and commands is behind that of image-features', so that they come before their images.
     */
    private final int behind;
    private double best;
    /** The block of the last candidate that was as good as the best before it: it may well be live. */
    private int bestBlock;

    EvaluatorHistory(long seed) {
        random = new SplittableRandom(seed);
        behind = random.nextInt(50);
        handWritten = 0.6 + 0.25 * random.nextDouble();
        best = handWritten;
        accuracies.put(0L, handWritten);
        settings.putAll(Map.of("evaluator.max-seen-drop", Double.toString(MAX_SEEN_DROP), "evaluator.max-unseen-drop", "0.2",
                "evaluator.confidence", List.of("0.8", "0.9", "0.95").get(random.nextInt(3)), "evaluator.min-images", "50",
                "evaluator.min-unseen-images", "20", "evaluator.recheck-images", "20",
                "evaluator.max-images-per-class", random.nextBoolean() ? "15" : "1000", "evaluator.inconclusive-deadline", "20s",
                "evaluator.cool-down", "3s", "evaluator.idle-time", "8s"));
        settings.putAll(Map.of("evaluator.measure-every", "250", "evaluator.watch-period", random.nextBoolean() ? "60" : "20000",
                "evaluator.watch-confidence", "0.9"));
        int steps = 15 + random.nextInt(25);
        int night = random.nextInt(10) > 0 ? -1 : random.nextInt(steps);
        drifts = random.nextBoolean();
        int drift = drifts ? random.nextInt(steps) : steps;
        batch(60);
        for (int step = 0; step < steps; step++) {
            hardBlock = step < drift ? -1 : step == drift ? bestBlock : hardBlock;
            step();
            if (step == night) {
                time += Duration.ofHours(25).toMillis();
                log.compact(TOPICS.imageFeatures(), time);
                lastHorizon = horizons.get(horizons.size() - 1); // no learner needs a day
            }
        }
        time += Duration.ofSeconds(25).toMillis(); // no time passes without a record for who is killed
        write(TOPICS.gateCommands(), new byte[] {4});
        end = time + Duration.ofSeconds(40).toMillis();
    }

    private void step() {
        time += random.nextInt(10) > 0 ? random.nextInt(400) : random.nextInt(12_000);
        int what = random.nextInt(100);
        if (what < 70) {
            batch(1 + random.nextInt(20));
        } else if (what < 84) {
            candidate();
        } else if (what < 88) {
            write(TOPICS.gateCommands(), command());
        } else if (what < 92) {
            ImageFeature image = anyImage();
            features(List.of(new ProducerRecord<>(TOPICS.imageFeatures(), image.imageId().getBytes(StandardCharsets.UTF_8), null)), false);
        } else if (what < 96) {
            ClassState state = ClassState.plain(SimulatedModel.CLASSES.get(random.nextInt(SimulatedModel.CLASSES.size())));
            features(List.of(state.retired(random.nextInt(3) > 0).encode(TOPICS.imageFeatures())), false);
        } else {
            features(List.of(new ProducerRecord<>(TOPICS.imageFeatures(), "damaged".getBytes(StandardCharsets.UTF_8), new byte[3])), false);
        }
    }

    private void batch(int size) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        boolean isAborted = random.nextInt(12) == 0;
        for (int i = 0; i < size; i++) {
            ImageFeature image = random.nextInt(12) > 0 || sent.isEmpty() ? image() : again(anyImage());
            records.add(image.encode(TOPICS.imageFeatures()));
            sent.add(image);
        }
        features(records, isAborted);
        if (isAborted) {
            time += random.nextInt(50);
            features(records, false);
        }
    }

    private ImageFeature image() {
        int ofClass = random.nextInt(random.nextInt(3) > 0 ? 4 : SimulatedModel.CLASSES.size());
        Split split = ofClass == 7 ? Split.PROBE : random.nextInt(8) == 0 ? Split.TRAIN : Split.HELD_OUT;
        return new ImageFeature("image-" + images++, SimulatedModel.CLASSES.get(ofClass), split, SimulatedModel.FINGERPRINT,
                AccuracyModel.image(ofClass, hardBlock, random), time, new SourcePosition(0, images));
    }

    private ImageFeature anyImage() {
        return sent.get(random.nextInt(sent.size()));
    }

    /** The same as it is, for training, or as an image of another class under its id. */
    private ImageFeature again(ImageFeature image) {
        int ofClass = random.nextInt(4);
        return switch (random.nextInt(3)) {
            case 0 -> image;
            case 1 -> new ImageFeature(image.imageId(), image.label(), Split.TRAIN, image.modelFingerprint(), image.feature(), time,
                    image.source());
            default -> new ImageFeature(image.imageId(), SimulatedModel.CLASSES.get(ofClass), Split.HELD_OUT, SimulatedModel.FINGERPRINT,
                    AccuracyModel.image(ofClass, hardBlock, random), time, image.source());
        };
    }

    private void candidate() {
        if (random.nextInt(10) == 0) {
            long version = random.nextBoolean() ? lastVersion : lastVersion + 2 * Leap.MOST_AHEAD;
            write(TOPICS.promptCandidates(), random.nextInt(3) == 0 ? new byte[] {1, 2} : PromptCodec.encode(prompt(version,
                    AccuracyModel.context(0, 1))));
            return;
        }
        double accuracy = Math.min(0.97, Math.max(0.1, best - LOSSES[random.nextInt(LOSSES.length)]));
        accuracies.put(++lastVersion, accuracy);
        int block = random.nextInt(AccuracyModel.BLOCKS);
        bestBlock = accuracy >= best ? block : bestBlock;
        best = Math.max(best, accuracy);
        lastHorizon = Math.max(lastHorizon, horizons.get(Math.max(0, horizons.size() - 1 - random.nextInt(20))));
        trained = Math.min(6, trained + (random.nextInt(3) == 0 ? 1 : 0));
        classes.put(lastVersion, SimulatedModel.CLASSES.subList(0, trained));
        write(TOPICS.promptCandidates(), PromptCodec.encode(prompt(lastVersion, AccuracyModel.context(block, accuracy))));
    }

    private Prompt prompt(long version, Context context) {
        return new Prompt(context, new PromptMetadata(PROMPT, version, Math.max(0, version - 1), SimulatedModel.FINGERPRINT, time,
                new PromptMetadata.Origin(SimulatedModel.CLASSES.subList(0, trained), "simulated words", Map.of(), Map.of(0, lastHorizon),
                        Map.of()),
                Map.of()));
    }

    private byte[] command() {
        Action action = List.of(Action.PAUSE, Action.RESUME, Action.RESUME, Action.ROLLBACK, Action.NOTE).get(random.nextInt(5));
        boolean isVersion = action == Action.ROLLBACK && random.nextBoolean();
        OptionalLong to = isVersion ? OptionalLong.of(random.nextLong(lastVersion + 2)) : OptionalLong.empty();
        return random.nextInt(10) == 0 ? new byte[] {3}
                : new GateCommand("command-" + time, action, to, "because", "me", random.nextInt(8) > 0 ? 0 : time - random.nextInt(2))
                        .encode();
    }

    private void features(List<ProducerRecord<byte[], byte[]>> records, boolean isAborted) {
        for (int i = 1; i <= records.size() && !isAborted; i++) {
            horizons.add(log.written(TOPICS.imageFeatures()) + i);
        }
        log.transact(records, time, time + random.nextInt(COMMIT_MILLIS), isAborted);
    }

    private void write(String topic, byte[] value) {
        log.transact(List.of(new ProducerRecord<>(topic, KEY.bytes(), value)), time - behind, time + random.nextInt(COMMIT_MILLIS), false);
    }
}
