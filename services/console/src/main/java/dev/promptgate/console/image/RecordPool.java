package dev.promptgate.console.image;

import dev.promptgate.messaging.client.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Fetches single records by their place. Blocking; any thread may fetch, and as many consumers are open as threads ever did at once. */
final class RecordPool implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, Object> config;
    private final ConcurrentLinkedQueue<KafkaConsumer<byte[], byte[]>> idle = new ConcurrentLinkedQueue<>();

    RecordPool(KafkaClients clients) {
        config = new HashMap<>(clients.consumer());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // A batch comes whole, however large; what stands behind it is of no use.
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
    }

    /**
     * The record at a place; empty if there is none, or none any more.
     *
     * @throws TimeoutException if Kafka does not answer in time
     */
    Optional<ConsumerRecord<byte[], byte[]>> fetch(TopicPartition partition, long offset) {
        KafkaConsumer<byte[], byte[]> consumer = Optional.ofNullable(idle.poll()).orElseGet(() -> new KafkaConsumer<>(config));
        try {
            return fetch(consumer, partition, offset);
        } finally {
            consumer.assign(List.of());
            idle.add(consumer);
        }
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> fetch(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition,
            long offset) {
        List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic());
        if (partitions == null || partitions.stream().noneMatch(info -> info.partition() == partition.partition())) {
            return Optional.empty();
        }
        if (offset >= consumer.endOffsets(List.of(partition)).get(partition)) {
            return Optional.empty();
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end;) {
            try {
                List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
                if (!records.isEmpty()) {
                    return Optional.of(records.get(0)).filter(record -> record.offset() == offset);
                }
                if (consumer.position(partition) > offset) {
                    return Optional.empty(); // the end of a transaction stands there, or what was taken back with one
                }
            } catch (OffsetOutOfRangeException e) {
                return Optional.empty(); // deleted by retention
            }
        }
        throw new TimeoutException("Kafka did not give the record within %d s".formatted(LIMIT.toSeconds()));
    }

    /** When no thread fetches any more. */
    @Override
    public void close() {
        for (KafkaConsumer<byte[], byte[]> consumer = idle.poll(); consumer != null; consumer = idle.poll()) {
            consumer.close();
        }
    }
}
