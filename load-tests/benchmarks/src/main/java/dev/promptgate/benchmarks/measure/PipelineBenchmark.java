package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.encoder.EncoderMeters;
import dev.promptgate.encoder.EncoderService;
import dev.promptgate.encoder.EncoderSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
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
public final class PipelineBenchmark {
    /** Images per second of both ways. */
    public record Result(double bareImagesPerSecond, double pipelineImagesPerSecond) {
        public double ratio() {
            return pipelineImagesPerSecond / bareImagesPerSecond;
        }
    }

    private final ClipModel model;
    private final SettingsValues values;
    private final KafkaClients clients;
    private final TopicNames topics;

    public PipelineBenchmark(ClipModel model, SettingsValues values, KafkaClients clients, TopicNames topics) {
        this.model = model;
        this.values = values;
        this.clients = clients;
        this.topics = topics;
    }

    /**
     * @param files image files, used again and again until there are {@code count}
     * @param warmUp images before the clock starts, each way
     * @throws ImageRejectedException if a file is no usable image
     */
    public Result run(List<byte[]> files, int count, int warmUp) throws ImageRejectedException, InterruptedException {
        List<float[]> pixels = new ArrayList<>();
        for (int i = 0; i < Math.max(count, warmUp); i++) {
            pixels.add(i < files.size() ? model.preprocessor().preprocess(files.get(i)) : pixels.get(i % files.size()));
        }
        bare(pixels.subList(0, warmUp));
        double before = bare(pixels.subList(0, count));
        double pipeline = pipeline(files, count, warmUp);
        double after = bare(pixels.subList(0, count));
        return new Result((before + after) / 2, pipeline); // the machine's speed drifts: bare on both sides of the pipeline
    }

    private double bare(List<float[]> pixels) {
        int batch = new EncoderSettings(values).batchSize();
        long began = System.nanoTime();
        for (int i = 0; i < pixels.size(); i += batch) {
            model.imageEncoder().encode(pixels.subList(i, Math.min(pixels.size(), i + batch)));
        }
        return pixels.size() / ((System.nanoTime() - began) / 1e9);
    }

    private double pipeline(List<byte[]> files, int count, int warmUp) throws InterruptedException {
        try (ServiceHost host = new ServiceHost(new HttpSettings(values));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            host.start(List.of(EncoderService.verticle(values, clients, topics, model, host))).await();
            Counter done = host.registry().get(EncoderMeters.IMAGES.name()).counter();
            push(producer, files, 0, warmUp);
            await(done, warmUp);
            long began = System.nanoTime();
            push(producer, files, warmUp, count);
            await(done, warmUp + count);
            return count / ((System.nanoTime() - began) / 1e9);
        }
    }

    private void push(KafkaProducer<byte[], byte[]> producer, List<byte[]> files, int from, int count) {
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
