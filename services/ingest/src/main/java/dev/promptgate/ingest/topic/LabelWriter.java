package dev.promptgate.ingest.topic;

import dev.promptgate.ingest.config.IngestMeters;
import dev.promptgate.ingest.config.IngestMeters.RecordKind;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.topic.TopicSpec;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records with an idempotent producer; a write completes when all brokers in sync have the record, on the producer's thread, or
 * fails within the timeout. Thread-safe, but writing may block while no broker answers; whoever makes it closes it.
 */
public final class LabelWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabelWriter.class);
    private static final long MIN_BUFFER_BYTES = 32L << 20;

    private final String topic;
    private final Duration timeout;
    private final IngestMeters meters;
    private final Producer<byte[], byte[]> producer;
    private final KafkaClientMetrics kafkaMetrics;
    private volatile boolean failing;

    /** Makes the producer, and fails if the topic cannot be reached. Blocking. */
    public LabelWriter(KafkaClients clients, String topic, int maxImageBytes, Duration timeout, IngestMeters meters) {
        this.topic = topic;
        this.timeout = timeout;
        this.meters = meters;
        Map<String, Object> config = new HashMap<>(clients.producer());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis() / 2);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(MIN_BUFFER_BYTES, 2L * (maxImageBytes + TopicSpec.ENVELOPE_BYTES)));
        producer = new KafkaProducer<>(config);
        kafkaMetrics = new KafkaClientMetrics(producer);
        kafkaMetrics.bindTo(meters.registry());
        try {
            producer.partitionsFor(topic);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Writes an image with its label. */
    public CompletableFuture<RecordMetadata> label(LabelledImage image) {
        return count(RecordKind.IMAGE, write(image.encode(topic)));
    }

    /** Writes an image by its address: its bytes are a URI in UTF-8, and the encoder fetches what stands there. */
    public CompletableFuture<RecordMetadata> reference(LabelledImage image) {
        ProducerRecord<byte[], byte[]> record = image.encode(topic);
        record.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.US_ASCII)); // RFC 2483
        return count(RecordKind.REFERENCE, write(record));
    }

    /** Writes the erasure of an image. */
    public CompletableFuture<RecordMetadata> erase(String imageId) {
        return count(RecordKind.ERASURE, write(ImageErasure.of(imageId, topic)));
    }

    private CompletableFuture<RecordMetadata> count(RecordKind kind, CompletableFuture<RecordMetadata> written) {
        return written.whenComplete((at, failure) -> {
            if (failure == null) {
                meters.increment(IngestMeters.RECORDS, kind);
            }
        });
    }

    CompletableFuture<RecordMetadata> write(ProducerRecord<byte[], byte[]> record) {
        long began = System.nanoTime();
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        producer.send(record, (at, failure) -> {
            if (failure == null) {
                meters.time(IngestMeters.WRITE_TIME, System.nanoTime() - began);
                recovered();
                written.complete(at);
            } else {
                failed(failure);
                written.completeExceptionally(failure);
            }
        });
        return written;
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("Kafka acknowledges records again [topic: {}]", topic);
        }
    }

    /** Told once until it works again: every sender is told by its answer. */
    private void failed(Exception cause) {
        meters.increment(IngestMeters.WRITE_FAILURES);
        if (!failing) {
            failing = true;
            LOG.warn("Kafka does not acknowledge a record; its sender is told so [topic: {}, timeout: {}, cause: {}]", topic, timeout,
                    cause.toString());
        }
    }

    /** Waits for what was sent, within the timeout. Blocking. */
    @Override
    public void close() {
        kafkaMetrics.close();
        producer.close(timeout);
    }
}
