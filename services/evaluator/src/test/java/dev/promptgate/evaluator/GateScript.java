package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.Action;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Lives of a gate as lists of what comes in, without a broker: the records as a broker would hand them over, a second apart. */
final class GateScript {
    /** What a step hands to the gate. */
    enum Kind {
        FEATURE, CANDIDATE, COMMAND, ROLLOUT, IDLE, MEASURE
    }

    /**
     * A step.
     *
     * @param record null for IDLE and MEASURE
     * @param time of the record, or the wall clock
     */
    record Step(Kind kind, ConsumerRecord<byte[], byte[]> record, long time) {}

    static final String PROMPT = "default";
    static final List<String> NAMES = List.of("apple", "bear", "beaver", "bee", "bottle", "bowl", "boy", "bus", "camel", "castle", "chair",
            "clock", "cloud", "crab", "dolphin", "forest", "fox", "house", "lamp", "lion");
    /** A gate that lets much out, and never cools down. */
    static final Map<String, String> LOOSE = Map.of("evaluator.cool-down", "0s", "evaluator.recheck-images", "30",
            "evaluator.min-images-per-class", "0", "evaluator.max-images-per-class", "10", "evaluator.min-images", "40",
            "evaluator.min-unseen-images", "10", "evaluator.max-seen-drop", "0.04", "evaluator.max-unseen-drop", "0.1",
            "evaluator.confidence", "0.8", "evaluator.watch-confidence", "0.8");
    /** One that wants more images, and cools down. */
    static final Map<String, String> SLOW = Map.of("evaluator.cool-down", "600s", "evaluator.recheck-images", "30",
            "evaluator.max-images-per-class", "20", "evaluator.min-images", "60", "evaluator.inconclusive-deadline", "900s",
            "evaluator.watch-period", "300", "evaluator.max-seen-drop", "0.04", "evaluator.confidence", "0.8",
            "evaluator.watch-confidence", "0.8");
    private static final byte[] KEY = PROMPT.getBytes(StandardCharsets.UTF_8);

    private final ClipModel model;
    private final float[][] text;
    private final Map<Kind, Long> offsets = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private long time = 1_700_000_000_000L;
    private int commands;

    GateScript(ClipModel model) {
        this.model = model;
        text = model.textEncoder().features(handWritten(), model.textEncoder().prompts(NAMES, handWritten().tokens()));
    }

    static GateScript of(String life, ClipModel model) {
        GateScript script = new GateScript(model);
        return switch (life) {
            case "everyday" -> script.everyday();
            case "troubled" -> script.troubled();
            case "watched" -> script.watched(false);
            case "watched-paused" -> script.watched(true);
            case "retired" -> script.retired();
            case "clock-ahead" -> script.clockAhead();
            case "forged" -> script.forged();
            case "expiring" -> script.expiring();
            default -> throw new IllegalArgumentException(life);
        };
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Passing, refused, failing, held and unclear candidates, new classes, rollbacks: what an undisturbed gate sees in a week. */
    GateScript everyday() {
        images(0, 12, 8, "", Split.HELD_OUT, 0.3);
        images(16, 20, 8, "", Split.PROBE, 0.3);
        candidate(1, handWritten(), 12, next()); // pass
        candidate(1, handWritten(), 12, next()); // refused
        send(Kind.CANDIDATE, new byte[] {1, 2, 3}); // refused
        images(12, 14, 8, "", Split.HELD_OUT, 0.3); // classes not trained yet
        candidate(2, noise(), 12, next() - 10); // fail
        candidate(3, handWritten(), 14, next() + 5); // waits for its horizon, then passes
        candidate(3, handWritten(), 14, next() + 5); // refused while the other waits
        measure();
        images(0, 3, 4, "-2", Split.HELD_OUT, 0.3);
        command(Action.PAUSE, OptionalLong.empty(), 0);
        images(0, 12, 2, "-3", Split.HELD_OUT, 0.3);
        candidate(4, handWritten(), 14, next()); // held
        candidate(5, handWritten(), 14, next()); // held instead
        images(0, 6, 2, "-4", Split.TRAIN, 0.3);
        command(Action.RESUME, OptionalLong.empty(), 0);
        images(0, 12, 4, "-5", Split.HELD_OUT, 0.3);
        candidate(6, nudged(0.02), 14, next());
        images(0, 14, 8, "-6", Split.HELD_OUT, 0.3);
        candidate(7, nudged(0.02), 14, next());
        images(0, 14, 8, "-7", Split.HELD_OUT, 0.3);
        candidate(8, handWritten(), 14, next());
        command(Action.ROLLBACK, OptionalLong.of(3), 0);
        command(Action.ROLLBACK, OptionalLong.of(3), 0); // is live
        command(Action.ROLLBACK, OptionalLong.of(77), 0); // never was
        command(Action.ROLLBACK, OptionalLong.of(1), 1); // expired
        send(Kind.COMMAND, "{\"command\":\"explode\"}".getBytes(StandardCharsets.UTF_8));
        delete("apple-0-6");
        send(Kind.FEATURE, new byte[] {1, 2, 3}); // passed over
        images(0, 14, 8, "-8", Split.HELD_OUT, 0.3);
        candidate(9, handWritten(), 14, next());
        measure();
        command(Action.ROLLBACK, OptionalLong.empty(), 0);
        command(Action.ROLLBACK, OptionalLong.of(0), 0);
        command(Action.ROLLBACK, OptionalLong.of(0), 0); // is live
        idle(10);
        rollout(null);
        rollout(prompt(99, noise(), 12, 5));
        images(0, 14, 8, "-9", Split.HELD_OUT, 0.3);
        candidate(10, handWritten(), 14, next());
        rollout(prompt(99, noise(), 12, 5));
        idle(10);
        measure();
        return this;
    }

    /** Prompts that get out and should not have: watch, alarm, cool-down, deadlines. */
    GateScript troubled() {
        images(0, 12, 12, "", Split.HELD_OUT, 0.05);
        images(16, 20, 10, "", Split.PROBE, 0.05);
        candidate(1, handWritten(), 12, next());
        candidate(2, ruined(), 12, 12); // too few images at its horizon
        candidate(3, ruined(), 12, 24); // takes its place
        idle(30);
        images(0, 12, 12, "-2", Split.HELD_OUT, 0.3);
        candidate(4, nudged(0.3), 12, next()); // better or worse: the figures tell
        images(0, 12, 10, "-3", Split.HELD_OUT, 0.3);
        images(0, 12, 10, "-4", Split.HELD_OUT, 0.3);
        candidate(5, handWritten(), 12, next());
        command(Action.PAUSE, OptionalLong.empty(), 0);
        images(0, 12, 10, "-5", Split.HELD_OUT, 0.3);
        candidate(6, nudged(0.02), 12, next()); // held
        command(Action.ROLLBACK, OptionalLong.empty(), 0);
        command(Action.NOTE, OptionalLong.empty(), 0); // stays paused
        command(Action.RESUME, OptionalLong.empty(), 0); // cools down
        candidate(7, handWritten(), 12, next()); // held instead
        images(0, 3, 10, "-6", Split.HELD_OUT, 0.3);
        candidate(8, nudged(0.1), 16, next()); // some classes have no image: unclear until the deadline
        wait(100);
        images(0, 3, 10, "-7", Split.HELD_OUT, 0.3);
        wait(1_000);
        images(3, 6, 10, "-8", Split.HELD_OUT, 0.3); // the cool-down is over
        wait(10_000);
        images(3, 6, 10, "-9", Split.HELD_OUT, 0.3); // the deadline is over
        candidate(9, handWritten(), 16, 40);
        wait(10_000);
        idle(1);
        measure();
        return this;
    }

    /** A bad prompt that is let out by images which do not show it, and found by the watch; once with the gate paused. */
    GateScript watched(boolean paused) {
        images(0, 12, 12, "", Split.HELD_OUT, 0.0);
        candidate(1, nudged(0.2), 12, next());
        if (paused) {
            command(Action.PAUSE, OptionalLong.empty(), 0);
            candidate(2, handWritten(), 12, next());
        }
        for (int i = 0; i < 6; i++) {
            images(0, 12, 10, "-" + i, Split.HELD_OUT, 0.45);
        }
        command(Action.RESUME, OptionalLong.empty(), 0);
        images(0, 12, 2, "-late", Split.HELD_OUT, 0.3);
        idle(5);
        idle(3_600);
        images(0, 12, 2, "-later", Split.HELD_OUT, 0.3);
        idle(1);
        measure();
        return this;
    }

    /** Classes are retired, one of them is taken back: images leave what judges, and come back to it. */
    GateScript retired() {
        images(0, 12, 8, "", Split.HELD_OUT, 0.05);
        images(16, 20, 8, "", Split.PROBE, 0.05);
        candidate(1, handWritten(), 12, next());
        long before = next();
        retire(NAMES.get(11), true);
        retire(NAMES.get(19), true); // of probe images
        images(0, 12, 2, "-2", Split.HELD_OUT, 0.05);
        candidate(2, handWritten(), 12, before);
        candidate(3, handWritten(), 11, next());
        images(0, 12, 2, "-3", Split.HELD_OUT, 0.05);
        byte[] apple = "promptgate-class/apple".getBytes(StandardCharsets.UTF_8);
        add(Kind.FEATURE, new ProducerRecord<>("image-features", apple, KEY)); // passed over
        candidate(4, handWritten(), 12, next()); // of a class that is retired
        retire(NAMES.get(11), false);
        candidate(5, handWritten(), 12, next());
        images(10, 12, 2, "-4", Split.HELD_OUT, 0.05);
        idle(1);
        measure();
        return this;
    }

    /** A clock is a year ahead for a while, in which a cool-down begins. */
    GateScript clockAhead() {
        int year = 365 * 24 * 3600;
        images(0, 12, 12, "", Split.HELD_OUT, 0.05);
        images(16, 20, 10, "", Split.PROBE, 0.05);
        candidate(1, handWritten(), 12, next());
        wait(year);
        images(0, 12, 2, "-ahead", Split.HELD_OUT, 0.05);
        command(Action.ROLLBACK, OptionalLong.empty(), 0);
        wait(-year);
        images(0, 12, 4, "-right", Split.HELD_OUT, 0.05);
        candidate(2, handWritten(), 12, next()); // held
        images(0, 12, 1, "-cool", Split.HELD_OUT, 0.05);
        wait(700);
        images(0, 12, 1, "-late", Split.HELD_OUT, 0.05);
        idle(1);
        return this;
    }

    /** Whole candidates, of a version that leaps, and of an offset at which no feature is; what was refused is not what is live later. */
    GateScript forged() {
        images(0, 12, 12, "", Split.HELD_OUT, 0.05);
        images(16, 20, 10, "", Split.PROBE, 0.05);
        candidate(1L << 53, noise(), 12, next());
        candidate(1, noise(), 12, 1_000_000);
        candidate(1, handWritten(), 12, next());
        images(16, 20, 10, "-2", Split.PROBE, 0.05);
        candidate(1_000_005, noise(), 12, next()); // at offset 3
        candidate(2, handWritten(), 12, next());
        command(Action.ROLLBACK, OptionalLong.of(1), 0);
        images(16, 20, 1, "-3", Split.PROBE, 0.05);
        return this;
    }

    /** Long ago by the clock of the machine that runs the test. */
    GateScript expiring() {
        images(0, 12, 12, "", Split.HELD_OUT, 0.05);
        images(16, 20, 10, "", Split.PROBE, 0.05);
        candidate(1, handWritten(), 12, next());
        candidate(2, handWritten(), 12, next());
        command(Action.ROLLBACK, OptionalLong.of(1), time + 1_000); // it takes a second
        command(Action.ROLLBACK, OptionalLong.of(0), time + 999);
        return this;
    }

    private void retire(String name, boolean isRetired) {
        add(Kind.FEATURE, ClassState.plain(name).retired(isRetired).encode("image-features"));
    }

    /** The offset of the next feature. */
    private long next() {
        return offsets.getOrDefault(Kind.FEATURE, 0L);
    }

    private void wait(int seconds) {
        time += 1000L * seconds;
    }

    private void idle(int seconds) {
        wait(seconds);
        steps.add(new Step(Kind.IDLE, null, time));
    }

    private void measure() {
        steps.add(new Step(Kind.MEASURE, null, time));
    }

    /** So many images of each of these classes, near what the hand-written prompt says of the class; the more noise the less. */
    private void images(int from, int to, int each, String suffix, Split split, double noise) {
        Random random = new Random(suffix.hashCode() + 31L * from);
        for (int i = 0; i < each; i++) {
            for (int c = from; c < to; c++) {
                float[] feature = new float[text[c].length];
                double squares = 0;
                for (int d = 0; d < feature.length; d++) {
                    feature[d] = (float) (text[c][d] + noise * random.nextGaussian());
                    squares += feature[d] * feature[d];
                }
                for (int d = 0; d < feature.length; d++) {
                    feature[d] /= (float) Math.sqrt(squares);
                }
                ImageFeature image = new ImageFeature(NAMES.get(c) + "-" + i + suffix, NAMES.get(c), split, model.fingerprint(), feature, 0,
                        new SourcePosition(0, next()));
                add(Kind.FEATURE, image.encode("image-features"));
            }
        }
    }

    private void delete(String imageId) {
        add(Kind.FEATURE, new ProducerRecord<>("image-features", imageId.getBytes(StandardCharsets.UTF_8), null));
    }

    private void candidate(long version, Context context, int classes, long horizon) {
        send(Kind.CANDIDATE, PromptCodec.encode(prompt(version, context, classes, horizon)));
    }

    private Prompt prompt(long version, Context context, int classes, long horizon) {
        List<String> names = NAMES.subList(0, classes);
        return new Prompt(context, new PromptMetadata(PROMPT, version, version - 1, model.fingerprint(), 1,
                new PromptMetadata.Origin(names, EvaluatorRun.WORDS, Map.of(), Map.of(0, horizon), Map.of(names.get(0), 1L)), Map.of()));
    }

    private void command(Action action, OptionalLong to, long expiresAt) {
        send(Kind.COMMAND, new GateCommand("c" + commands++, action, to, "because", "me", expiresAt).encode());
    }

    private void rollout(Prompt prompt) {
        send(Kind.ROLLOUT, prompt == null ? null : PromptCodec.encode(prompt));
    }

    private void send(Kind kind, byte[] value) {
        add(kind, new ProducerRecord<>(kind.name(), KEY, value));
    }

    private void add(Kind kind, ProducerRecord<byte[], byte[]> sent) {
        wait(1);
        long offset = offsets.merge(kind, 1L, Long::sum) - 1;
        steps.add(new Step(kind, new ConsumerRecord<>(sent.topic(), 0, offset, time, TimestampType.LOG_APPEND_TIME, -1, -1, sent.key(),
                sent.value(), new RecordHeaders(sent.headers()), Optional.empty()), time));
    }

    private Context handWritten() {
        return model.textEncoder().contextFrom(EvaluatorRun.WORDS);
    }

    private Context noise() {
        return shifted(30, 8);
    }

    /** Bad, but right on images without noise. */
    private Context ruined() {
        return shifted(0.25, 4);
    }

    private Context nudged(double by) {
        return shifted(by, 3);
    }

    private Context shifted(double by, long seed) {
        float[] values = handWritten().values().clone();
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (by * random.nextGaussian());
        }
        return handWritten().withValues(values);
    }
}
