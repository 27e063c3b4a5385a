package dev.promptgate.service.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Finds records that retention deleted before the group had read them: its next offset lies before the partition's first record. Kafka's
 * consumer goes on there without a word. Gaps that transactions leave are none of these. On the consumer's thread.
 */
final class UnreadRecords {
    private static final long ANY = Long.MAX_VALUE;

    /** Where each partition should go on of which something came. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /** How many of each partition were lost, as is seen by what a poll brought; those without loss are left out. */
    Map<TopicPartition, Long> lost(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, Long> lost = new HashMap<>();
        try {
            next.keySet().retainAll(consumer.assignment());
            begin(consumer, polled.partitions());
            Set<TopicPartition> jumped = new HashSet<>(polled.partitions());
            jumped.removeIf(partition -> polled.records(partition).get(0).offset() <= next.getOrDefault(partition, ANY));
            compare(consumer, jumped, lost);
        } catch (TimeoutException e) {
            return Map.of(); // the brokers are away: what came first is not looked at
        }
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            next.put(partition, records.get(records.size() - 1).offset() + 1);
        }
        return lost;
    }

    /** Partitions of which the first records came go on where the group was; where it never was, nothing is missed. */
    private void begin(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        Set<TopicPartition> fresh = new HashSet<>(partitions);
        fresh.removeAll(next.keySet());
        if (!fresh.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(fresh);
            fresh.forEach(partition -> next.put(partition, committed.get(partition) == null ? ANY : committed.get(partition).offset()));
        }
    }

    private void compare(Consumer<byte[], byte[]> consumer, Set<TopicPartition> jumped, Map<TopicPartition, Long> lost) {
        if (!jumped.isEmpty()) {
            consumer.beginningOffsets(jumped).forEach((partition, first) -> {
                if (first > next.get(partition)) {
                    lost.put(partition, first - next.get(partition));
                }
            });
        }
    }
}
