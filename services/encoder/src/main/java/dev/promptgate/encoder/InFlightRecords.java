package dev.promptgate.encoder;

import dev.promptgate.encoder.pipeline.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Records read and not yet committed, in the order in which they were read: work finishes in any order, but only a finished head leaves,
 * so a committed offset has no gap behind it. Not thread-safe: the verticle's.
 */
final class InFlightRecords {
    private record Pending(TopicPartition partition, long offset, CompletableFuture<Outcome> outcome) {}

    /** What one transaction writes. */
    record Delivery(List<Outcome> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    private final Deque<Pending> pending = new ArrayDeque<>();
    private int delivered;

    void add(ConsumerRecord<byte[], byte[]> record, CompletableFuture<Outcome> outcome) {
        pending.add(new Pending(new TopicPartition(record.topic(), record.partition()), record.offset(), outcome));
    }

    /** Takes out the finished head; it counts as in flight until {@link #committed}. */
    Delivery takeFinished() {
        List<Outcome> outcomes = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        while (!pending.isEmpty() && pending.peek().outcome().isDone()) {
            Pending head = pending.remove();
            outcomes.add(head.outcome().join()); // throws what the model threw
            offsets.put(head.partition(), new OffsetAndMetadata(head.offset() + 1));
        }
        delivered = outcomes.size();
        return new Delivery(outcomes, offsets);
    }

    void committed() {
        delivered = 0;
    }

    /** Forgets everything: it will be read again. */
    void clear() {
        pending.clear();
        delivered = 0;
    }

    /** Forgets partitions that are no longer this consumer's. */
    void retain(Set<TopicPartition> assigned) {
        pending.removeIf(record -> !assigned.contains(record.partition()));
    }

    int size() {
        return pending.size() + delivered;
    }

    boolean isEmpty() {
        return size() == 0;
    }
}
