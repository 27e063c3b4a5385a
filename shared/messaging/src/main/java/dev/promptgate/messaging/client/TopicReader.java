package dev.promptgate.messaging.client;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed records of topics as they are now. Whoever opens it closes it. */
public interface TopicReader extends AutoCloseable {
    /** The topic's partitions; throws IllegalStateException if there is no such topic. */
    List<TopicPartition> partitions(String topic);

    /** The offset of a partition's first record. */
    long begin(TopicPartition partition);

    /** Per partition the offset behind its last committed record. */
    Map<TopicPartition, Long> ends(String topic);

    /** Hands over all records up to the end as it is now, a partition's in their order; gives the offsets behind what was read. */
    Map<TopicPartition, Long> forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action);

    @Override
    void close();
}
