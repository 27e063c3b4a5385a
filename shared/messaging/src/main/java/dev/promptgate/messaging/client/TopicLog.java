package dev.promptgate.messaging.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic's committed records from its beginning to its present end, once. Blocking: for start-up and commands. */
public final class TopicLog implements TopicReader {
    /** Is told how far the reading of a topic is. */
    @FunctionalInterface
    public interface Progress {
        /** So many offsets of all are behind. */
        void read(long offsets, long total);
    }

    private static final Duration POLL = Duration.ofMillis(200);
    /** A fetch that waits at a topic's end holds up what is asked next on its connection: the next topic's end, and closing. */
    private static final int FETCH_WAIT_MILLIS = 10;

    private final KafkaConsumer<byte[], byte[]> consumer;

    public TopicLog(KafkaClients clients) {
        Map<String, Object> config = new HashMap<>(clients.consumer());
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        consumer = new KafkaConsumer<>(config);
    }

    @Override
    public List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new IllegalStateException("The topic does not exist; create it with: promptgate topics [topic: " + topic + "]");
        }
        return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    @Override
    public long begin(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    @Override
    public Map<TopicPartition, Long> ends(String topic) {
        return consumer.endOffsets(partitions(topic));
    }

    @Override
    public Map<TopicPartition, Long> forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        return forEach(topic, 0, (read, total) -> {}, action);
    }

    /**
     * {@link #forEach} for records from a time on, epoch milliseconds; progress is told after every poll, and ends the reading by what it
     * throws.
     */
    public Map<TopicPartition, Long> forEach(String topic, long since, Progress progress, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = begins(partitions, since, ends);
        begins.forEach(consumer::seek);
        long total = partitions.stream().mapToLong(partition -> ends.get(partition) - begins.get(partition)).sum();
        for (long left = total; left > 0;) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
                    action.accept(record);
                }
            }
            left = partitions.stream().mapToLong(partition -> Math.max(0, ends.get(partition) - consumer.position(partition))).sum();
            progress.read(total - left, total);
        }
        return ends;
    }

    private Map<TopicPartition, Long> begins(List<TopicPartition> partitions, long since, Map<TopicPartition, Long> ends) {
        if (since <= 0) {
            return consumer.beginningOffsets(partitions);
        }
        Map<TopicPartition, Long> begins = new HashMap<>();
        consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> since)))
                .forEach((partition, found) -> begins.put(partition,
                        found == null ? ends.get(partition) : Math.min(found.offset(), ends.get(partition))));
        return begins;
    }

    /** All records up to the end as it is now, in memory: for small topics. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        forEach(topic, records::add);
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
