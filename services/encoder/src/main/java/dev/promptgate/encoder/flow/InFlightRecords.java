package dev.promptgate.encoder.flow;

import dev.promptgate.encoder.pipeline.RecordPipeline.EncodingResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Records read and not yet committed, in the order in which they were read: work finishes in any order, but only a finished head leaves, so
 * a committed offset has no gap behind it. Not thread-safe: the verticle's.
 */
public final class InFlightRecords {
    private record Pending(TopicPartition partition, long offset, long bytes, CompletableFuture<EncodingResult> outcome) {}

    /** What is committed together. */
    public record Delivery(List<EncodingResult> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    private static final int MOST_NAMED = 20;

    private final Deque<Pending> pending = new ArrayDeque<>();
    private int delivered;
    private long bytes;
    private long deliveredBytes;

    void add(ConsumerRecord<byte[], byte[]> record, CompletableFuture<EncodingResult> outcome) {
        long size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        pending.add(new Pending(new TopicPartition(record.topic(), record.partition()), record.offset(), size, outcome));
        bytes += size;
    }

    boolean isHeadFinished() {
        return !pending.isEmpty() && pending.peek().outcome().isDone();
    }

    /** Takes out the finished head; it counts as in flight until {@link #settled}. */
    Delivery takeFinished() {
        List<EncodingResult> outcomes = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        deliveredBytes = 0;
        while (!pending.isEmpty() && pending.peek().outcome().isDone()) {
            Pending head = pending.peek();
            outcomes.add(head.outcome().join()); // throws what the model threw, and the record stays among those in hand
            pending.remove();
            offsets.put(head.partition(), new OffsetAndMetadata(head.offset() + 1));
            deliveredBytes += head.bytes();
        }
        delivered = outcomes.size();
        return new Delivery(outcomes, offsets);
    }

    /** What was taken out is committed, or given up. */
    void settled() {
        bytes -= deliveredBytes;
        deliveredBytes = 0;
        delivered = 0;
    }

    /** Forgets everything that was not taken out: it will be read again. */
    void clear() {
        pending.clear();
        bytes = deliveredBytes;
    }

    /** Forgets the records of partitions taken away: whoever has them now reads them from the committed offset on. */
    void drop(Collection<TopicPartition> revoked) {
        pending.removeIf(record -> {
            boolean drop = revoked.contains(record.partition());
            bytes -= drop ? record.bytes() : 0;
            return drop;
        });
    }

    /** Where the oldest stand that were not taken out, as topic-partition@offset; their number is the last where there are more. */
    String positions() {
        String named = pending.stream().limit(MOST_NAMED).map(record -> record.partition() + "@" + record.offset())
                .collect(Collectors.joining(", "));
        return pending.size() > MOST_NAMED ? "%s … %d in all".formatted(named, pending.size()) : named;
    }

    int size() {
        return pending.size() + delivered;
    }

    long bytes() {
        return bytes;
    }
}
