package dev.promptgate.service.kafka;

import io.vertx.core.Future;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Assigns partitions by Kafka's own type, which the rest of the code speaks. */
public final class Partitions {
    private Partitions() {}

    /** Assigns the partitions to the consumer, without a group. */
    public static Future<Void> assign(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        return consumer.assign(partitions.stream()
                .map(partition -> new io.vertx.kafka.client.common.TopicPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet()));
    }
}
