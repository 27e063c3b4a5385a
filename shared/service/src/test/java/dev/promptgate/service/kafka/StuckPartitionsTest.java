package dev.promptgate.service.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StuckPartitionsTest {
    private static final TopicPartition ONE = new TopicPartition("images", 0);
    private static final TopicPartition OTHER = new TopicPartition("images", 1);
    private static final long LONG = StuckPartitions.LONG.toNanos();

    private final StuckPartitions stuck = new StuckPartitions();

    @Test
    void aPartitionOfWhichNothingIsKnownForLongIsStuckUntilSomethingIs() {
        assertEquals(Set.of(), stuck.find(Set.of(ONE), 100));
        assertEquals(Set.of(), stuck.find(Set.of(ONE, OTHER), 99 + LONG));
        assertEquals(Set.of(ONE), stuck.find(Set.of(ONE, OTHER), 100 + LONG));
        assertEquals(Set.of(OTHER), stuck.find(Set.of(OTHER), 99 + 2 * LONG));
        assertEquals(Set.of(), stuck.find(Set.of(), 100 + 2 * LONG));
        assertEquals(Set.of(), stuck.find(Set.of(ONE, OTHER), 101 + 2 * LONG));
    }

    /** Polls go on meanwhile, and what they bring is dropped: a lag would say that all is read. */
    @Test
    void aPartitionThatCannotBeRewoundForLongIsStuckThoughItsLagIsKnown() {
        try (MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest")) {
            consumer.assign(List.of(ONE, OTHER));
            stuck.unrewound(Set.of(ONE, OTHER));
            assertEquals(Set.of(), stuck.find(consumer, 100));
            assertEquals(Set.of(ONE, OTHER), stuck.find(consumer, 100 + LONG));
            consumer.assign(List.of(ONE));
            assertEquals(Set.of(ONE), stuck.find(consumer, 101 + LONG));
            stuck.unrewound(Set.of());
            assertEquals(Set.of(), stuck.find(consumer, 102 + LONG));
        }
    }
}
