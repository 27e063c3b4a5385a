package dev.promptgate.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Polls a log as Kafka's consumer does: it hands over what it has fetched, and fetches more while it is polled and at no other time. So
 * what it hands over and says of a partition's end is as old as its last fetch, and after a pause between polls as old as the pause. A
 * partition's fetch may be missed by one poll, never by two. Not thread-safe.
 */
final class SimulatedConsumer {
    private static final int MOST_RECORDS = 20;
    static final Duration POLL = Duration.ofMillis(50);

    private final SimulatedLog log;
    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final Fault fault;
    private final Map<String, Long> positions = new TreeMap<>();
    private final Map<String, Long> fetchedEnds = new HashMap<>();
    private final Set<String> missed = new HashSet<>();

    SimulatedConsumer(SimulatedLog log, Map<TopicPartition, Long> offsets, Pace pace, Fault fault) {
        this.log = log;
        clock = pace.clock();
        random = pace.random();
        this.fault = fault;
        offsets.forEach((partition, offset) -> {
            positions.put(partition.topic(), fault.startsAt(offset));
            missed.add(partition.topic());
        });
    }

    List<ConsumerRecord<byte[], byte[]>> poll() {
        List<ConsumerRecord<byte[], byte[]>> records = fetched();
        clock.advance(1 + random.nextInt((int) POLL.toMillis()));
        fetch();
        return fault.polled(records.isEmpty() ? fetched() : records, clock.wallTime());
    }

    private List<ConsumerRecord<byte[], byte[]>> fetched() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        fetchedEnds.forEach((topic, end) -> {
            List<ConsumerRecord<byte[], byte[]>> there = log.read(topic, positions.get(topic), end, clock.wallTime(),
                    fault.readsAborted());
            List<ConsumerRecord<byte[], byte[]>> taken = there.subList(0, Math.min(MOST_RECORDS, there.size()));
            positions.put(topic, taken.size() == there.size() ? end : taken.get(taken.size() - 1).offset() + 1);
            records.addAll(taken);
        });
        return records;
    }

    private void fetch() {
        for (String topic : positions.keySet()) {
            if (missed.remove(topic) || random.nextInt(4) > 0) {
                fetchedEnds.put(topic, Math.max(positions.get(topic), log.end(topic, clock.wallTime())));
            } else {
                missed.add(topic);
            }
        }
    }

    long position(TopicPartition partition) {
        return positions.get(partition.topic());
    }

    /** Whether a partition is read to its end, as far as the last fetch told. */
    boolean isAtEnd(TopicPartition partition) {
        return fault
                .isAtEnd(fetchedEnds.containsKey(partition.topic()) && position(partition) >= fetchedEnds.get(partition.topic()));
    }
}
