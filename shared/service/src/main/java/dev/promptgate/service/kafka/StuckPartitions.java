package dev.promptgate.service.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds partitions that polls bring nothing of, since it is not known where to read on: mostly because a transaction that would commit
 * their offset does not end. Kafka's consumer waits for it without a word, and knows no lag. On the consumer's thread.
 */
final class StuckPartitions {
    /** Longer than a transaction takes to be given up, by the settings' defaults. */
    static final Duration LONG = Duration.ofSeconds(30);

    private final Map<TopicPartition, Long> since = new HashMap<>();
    /** Those that are to be read again, from offsets that are not known. */
    private Set<TopicPartition> unrewound = Set.of();

    /** Partitions could not be rewound, since their committed offsets are not to be had; none any more if there are none. */
    void unrewound(Set<TopicPartition> partitions) {
        unrewound = Set.copyOf(partitions);
    }

    /** Those of which nothing has been known for long; that none is fetched of a partition that is paused is as it should be. */
    Set<TopicPartition> find(Consumer<byte[], byte[]> consumer, long nowNanos) {
        Set<TopicPartition> unknown = new HashSet<>(consumer.assignment());
        unknown.removeAll(consumer.paused());
        unknown.removeIf(partition -> consumer.currentLag(partition).isPresent());
        unrewound.stream().filter(consumer.assignment()::contains).forEach(unknown::add);
        return find(unknown, nowNanos);
    }

    Set<TopicPartition> find(Set<TopicPartition> unknown, long nowNanos) {
        since.keySet().retainAll(unknown);
        unknown.forEach(partition -> since.putIfAbsent(partition, nowNanos));
        return since.entrySet().stream().filter(one -> nowNanos - one.getValue() >= LONG.toNanos()).map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
