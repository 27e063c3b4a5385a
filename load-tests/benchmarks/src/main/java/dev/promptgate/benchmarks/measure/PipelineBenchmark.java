package dev.promptgate.benchmarks.measure;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The same images at the same batch size: already preprocessed through the bare image encoder, and as files through Kafka, decoding,
 * batching, encoding and the transaction. Blocking; the topics must exist.
 */
public record PipelineBenchmark(ClipModel model, SettingsValues values) {
    /**
     * Images per second.
     *
     * @param bareFloat32 as {@code bare}, with the same weights in float32
     * @param precision what the model's precision does to the features of the same images
     */
    public record Result(double bareFloat32, double bare, double pipeline, PrecisionLoss precision) {}

    /**
     * Times images of the sample stream, used again where it has too few.
     *
     * @param warmUp images before the clock starts, each way; no more than {@code count}
     * @throws ImageRejectedException if a file is no usable image
     */
    public Result run(int count, int warmUp) throws ImageRejectedException, InterruptedException {
        List<byte[]> files = SampleStream.files(count);
        BareEncoder bare = new BareEncoder(model, values.get(EncoderSettings.BATCH_SIZE));
        List<float[]> pixels = new ArrayList<>(bare.preprocess(files));
        while (pixels.size() < count) {
            pixels.add(pixels.get(pixels.size() - files.size()));
        }
        PrecisionLoss precision = PrecisionLoss.of(model, pixels); // warms both up, too
        double before = bare.imagesPerSecond(pixels);
        double float32Before = bare.float32ImagesPerSecond(pixels);
        double pipeline = pipeline(files, count, warmUp);
        double after = bare.imagesPerSecond(pixels);
        double float32After = bare.float32ImagesPerSecond(pixels);
        // The machine's speed drifts: bare on both sides of the pipeline.
        return new Result((float32Before + float32After) / 2, (before + after) / 2, pipeline, precision);
    }

    private double pipeline(List<byte[]> files, int count, int warmUp) throws InterruptedException {
        KafkaClients clients = CommonOptions.clients(values);
        TopicNames topics = CommonOptions.topics(values);
        try (ServiceHost host = new ServiceHost(values);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            host.start(() -> new EncoderVerticle(values, clients, topics, model, host)).await();
            Counter done = host.registry().get(EncoderMeters.IMAGES.name()).counter();
            push(producer, topics, files, 0, warmUp);
            await(done, warmUp);
            long began = System.nanoTime();
            push(producer, topics, files, warmUp, count);
            await(done, warmUp + count);
            return count / ((System.nanoTime() - began) / 1e9);
        }
    }

    private static void push(KafkaProducer<byte[], byte[]> producer, TopicNames topics, List<byte[]> files, int from, int count) {
        for (int i = from; i < from + count; i++) {
            producer.send(new LabelledImage("bench-" + i, "bench", Split.TRAIN, files.get(i % files.size()), System.currentTimeMillis())
                    .encode(topics.labelledImages()));
        }
        producer.flush();
    }

    private static void await(Counter counter, int images) throws InterruptedException {
        while (counter.count() < images) {
            Thread.sleep(1);
        }
    }
}
