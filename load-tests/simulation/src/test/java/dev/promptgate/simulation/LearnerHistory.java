package dev.promptgate.simulation;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What others write into image-features and gate-commands in a minute, drawn from a seed: batches of images of ever more classes, some
 * aborted, some sent again, relabelled, deleted or for something else now; classes retired, described and brought back; commands; pauses of
 * any length.
 */
final class LearnerHistory {
    static final TopicNames TOPICS = new TopicNames("");
    static final long BEGIN = 1_700_000_000_000L;
    static final int LEAST_SHOTS = 3;
    private static final int COMMIT_MILLIS = 100;

    final SimulatedLog log = new SimulatedLog();
    final Map<String, String> settings;
    final long end;
    private final SplittableRandom random;
    private final List<ImageFeature> sent = new ArrayList<>();
    private long time = BEGIN;
    private int classes = 2;
    private int images;

    LearnerHistory(long seed) {
        random = new SplittableRandom(seed);
        settings = Map.of("prompt.context-tokens", "1", "learner.late-updates", random.nextInt(4) > 0 ? "each" : "merge",
                "learner.min-shots", "" + LEAST_SHOTS,
                "learner.shots", random.nextBoolean() ? "4" : "1000", "learner.refresh-every", "30", "learner.settle-shots", "10",
                "learner.steps", "3", "learner.batch", "4", "learner.urgent-classes", "" + random.nextInt(4), "learner.urgent-steps", "1");
        int steps = 20 + random.nextInt(25);
        for (int step = 0; step < steps; step++) {
            step();
        }
        end = time + Duration.ofSeconds(60).toMillis();
    }

    private void step() {
        time += random.nextInt(8) > 0 ? random.nextInt(400) : random.nextInt(4_500);
        int what = random.nextInt(100);
        if (what < 78 || sent.isEmpty()) {
            batch();
        } else if (what < 86) {
            write(List.of(new ProducerRecord<>(TOPICS.imageFeatures(),
                    sent.get(random.nextInt(sent.size())).imageId().getBytes(StandardCharsets.UTF_8), null)), false);
        } else if (what < 95) {
            write(List.of(new ClassState(SimulatedModel.CLASSES.get(random.nextInt(classes)), random.nextBoolean(),
                    random.nextBoolean() ? Optional.empty() : Optional.of("described " + random.nextInt(classes)))
                    .encode(TOPICS.imageFeatures())), false);
        } else if (what < 98) {
            Action action = List.of(Action.PAUSE, Action.RESUME, Action.ROLLBACK).get(random.nextInt(3));
            write(List.of(new ProducerRecord<>(TOPICS.gateCommands(), new PromptKey(EvaluatorHistory.PROMPT).bytes(),
                    new GateCommand("command-" + time, action, OptionalLong.empty(), "", "me", 0).encode())), false);
        } else {
            write(List.of(new ProducerRecord<>(TOPICS.imageFeatures(), "damaged".getBytes(StandardCharsets.UTF_8), new byte[3])), false);
        }
    }

    private void batch() {
        classes = Math.min(SimulatedModel.CLASSES.size(), classes + (random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        boolean isAborted = random.nextInt(12) == 0;
        for (int left = 1 + random.nextInt(10); left > 0; left--) {
            int ofClass = random.nextInt(classes);
            String id = random.nextInt(10) > 0 || sent.isEmpty() ? "image-" + images++ : sent.get(random.nextInt(sent.size())).imageId();
            ImageFeature image = new ImageFeature(id, SimulatedModel.CLASSES.get(ofClass),
                    random.nextInt(3) == 0 ? Split.HELD_OUT : Split.TRAIN, SimulatedModel.FINGERPRINT, LinearModel.image(ofClass, random),
                    time, new SourcePosition(0, images));
            records.add(image.encode(TOPICS.imageFeatures()));
            sent.add(image);
        }
        write(records, isAborted);
        if (isAborted) {
            time += random.nextInt(50);
            write(records, false);
        }
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records, boolean isAborted) {
        log.transact(records, time, time + random.nextInt(COMMIT_MILLIS), isAborted);
    }
}
