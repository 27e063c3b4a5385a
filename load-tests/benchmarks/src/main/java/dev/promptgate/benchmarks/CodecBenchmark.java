package dev.promptgate.benchmarks;

import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** Features and prompt snapshots, to bytes and back. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark extends AverageTimeBenchmark {
    private static final int DIM = 512;
    private static final String TOPIC = "topic";

    /** Classes that a snapshot names. */
    @Param({"100", "1000"})
    public int classes;

    private ImageFeature feature;
    private ConsumerRecord<byte[], byte[]> featureRecord;
    private Prompt snapshot;
    private byte[] snapshotBytes;

    @Setup
    public void open() {
        SplittableRandom random = new SplittableRandom(1);
        feature = new ImageFeature("photos/apple/17.jpg", "red apple", Split.TRAIN, "f".repeat(64), RandomStep.unitVector(DIM, random),
                1_700_000_000_000L, new SourcePosition(3, 123_456));
        ProducerRecord<byte[], byte[]> sent = feature.encode(TOPIC);
        featureRecord = new ConsumerRecord<>(TOPIC, 0, 0, 0, TimestampType.LOG_APPEND_TIME, sent.key().length, sent.value().length,
                sent.key(), sent.value(), sent.headers(), Optional.empty());
        List<String> names = IntStream.range(0, classes).mapToObj(i -> "class number " + i).toList();
        Map<String, Long> readyAt = new TreeMap<>();
        names.forEach(name -> readyAt.put(name, 1_700_000_000_000L));
        snapshot = new Prompt(new Context(4, DIM, RandomStep.unitVector(4 * DIM, random)),
                new PromptMetadata("default", 7, 6, "f".repeat(64), 1_700_000_000_000L, new PromptMetadata.Origin(names, "a photo of a",
                        Map.of("method", "gcscoop", "steps", "100"), Map.of(0, 123_456L), readyAt), Map.of()));
        snapshotBytes = PromptCodec.encode(snapshot);
    }

    @Benchmark
    public ProducerRecord<byte[], byte[]> featureEncode() {
        return feature.encode(TOPIC);
    }

    @Benchmark
    public ImageFeature featureDecode() throws InvalidRecordException {
        return ImageFeature.decode(featureRecord);
    }

    @Benchmark
    public byte[] snapshotEncode() {
        return PromptCodec.encode(snapshot);
    }

    @Benchmark
    public Prompt snapshotDecode() throws UnreadablePromptException {
        return PromptCodec.decode(snapshotBytes);
    }
}
