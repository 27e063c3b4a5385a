package dev.promptgate.simulation;

import dev.promptgate.messaging.client.TopicReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Topics of one partition as a broker keeps them for read-committed consumers. Records have the broker's time, and are seen once their
 * transaction has ended, none before those in front of it. Aborted records and the marker that ends a transaction take offsets and are
 * never seen; what is compacted is seen no longer. Not thread-safe.
 */
final class SimulatedLog {
    /** What takes an offset; the record is null for a marker. */
    private static final class Entry {
        final ConsumerRecord<byte[], byte[]> record;
        final long visibleAt;
        final boolean isAborted;
        long goneAt = Long.MAX_VALUE;

        Entry(ConsumerRecord<byte[], byte[]> record, long visibleAt, boolean isAborted) {
            this.record = record;
            this.visibleAt = visibleAt;
            this.isAborted = isAborted;
        }

        boolean isSeenAt(long time) {
            return isRecordAt(time) && !isAborted;
        }

        boolean isRecordAt(long time) {
            return record != null && goneAt > time;
        }
    }

    private final Map<String, List<Entry>> topics = new HashMap<>();

    /** One that goes on from here by itself. */
    SimulatedLog copy() {
        return copyOf(topics.keySet());
    }

    /** The same of some topics. */
    SimulatedLog copyOf(Set<String> some) {
        SimulatedLog copy = new SimulatedLog();
        some.forEach(topic -> copy.topics.put(topic, new ArrayList<>(entries(topic))));
        return copy;
    }

    private List<Entry> entries(String topic) {
        return topics.computeIfAbsent(topic, name -> new ArrayList<>());
    }

    /** A transaction that began at a time, epoch milliseconds, and ends at another. */
    void transact(Iterable<ProducerRecord<byte[], byte[]>> records, long time, long endsAt, boolean isAborted) {
        Set<String> written = new HashSet<>();
        for (ProducerRecord<byte[], byte[]> sent : records) {
            List<Entry> entries = entries(sent.topic());
            entries.add(new Entry(new ConsumerRecord<>(sent.topic(), 0, entries.size(), time, TimestampType.LOG_APPEND_TIME, -1, -1,
                    sent.key(), sent.value(), new RecordHeaders(sent.headers()), Optional.empty()), visibleAt(entries, endsAt), isAborted));
            written.add(sent.topic());
        }
        written.forEach(topic -> entries(topic).add(new Entry(null, visibleAt(entries(topic), endsAt), true)));
    }

    private static long visibleAt(List<Entry> entries, long endsAt) {
        return entries.isEmpty() ? endsAt : Math.max(endsAt, entries.get(entries.size() - 1).visibleAt);
    }

    /** Of the records of a topic so far, those that have a newer one of their key are gone from a time on. */
    void compact(String topic, long time) {
        Set<String> newer = new HashSet<>();
        List<Entry> entries = entries(topic);
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (entry.isSeenAt(time) && !newer.add(Arrays.toString(entry.record.key()))) {
                entry.goneAt = time;
            }
        }
    }

    /** Whether compaction has taken a record before an offset by a time. */
    boolean hasLost(String topic, long before, long time) {
        return entries(topic).subList(0, (int) before).stream().anyMatch(entry -> entry.goneAt <= time);
    }

    /** The offset behind everything written, as producers know it. */
    long written(String topic) {
        return entries(topic).size();
    }

    /** The offset behind what is seen at a time. */
    long end(String topic, long time) {
        List<Entry> entries = entries(topic);
        int end = entries.size();
        while (end > 0 && entries.get(end - 1).visibleAt > time) {
            end--;
        }
        return end;
    }

    /** When something is seen next, a time later than another; of nothing that is to come {@code Long.MAX_VALUE}. */
    long nextAfter(long time) {
        long next = Long.MAX_VALUE;
        for (List<Entry> entries : topics.values()) {
            for (int i = entries.size() - 1; i >= 0 && entries.get(i).visibleAt > time; i--) {
                next = Math.min(next, entries.get(i).visibleAt);
            }
        }
        return next;
    }

    /** What is seen at a time of the offsets from one on and before another. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, long from, long to, long time) {
        return read(topic, from, to, time, false);
    }

    List<ConsumerRecord<byte[], byte[]>> read(String topic, long from, long to, long time, boolean isUncommitted) {
        return from >= to ? List.of()
                : entries(topic).subList((int) from, (int) to).stream()
                        .filter(entry -> isUncommitted ? entry.isRecordAt(time) : entry.isSeenAt(time)).map(entry -> entry.record).toList();
    }

    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        return read(topic, 0, written(topic), 0);
    }

    /** Reads what is seen now. */
    TopicReader reader(SimulatedClock clock, Fault fault) {
        return new TopicReader() {
            @Override
            public List<TopicPartition> partitions(String topic) {
                return List.of(new TopicPartition(topic, 0));
            }

            @Override
            public long begin(TopicPartition partition) {
                return 0;
            }

            @Override
            public Map<TopicPartition, Long> ends(String topic) {
                return Map.of(new TopicPartition(topic, 0), end(topic, clock.wallTime()));
            }

            @Override
            public Map<TopicPartition, Long> forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
                fault.read(topic, read(topic, 0, end(topic, clock.wallTime()), clock.wallTime())).forEach(action);
                return ends(topic);
            }

            @Override
            public void close() {}
        };
    }
}
