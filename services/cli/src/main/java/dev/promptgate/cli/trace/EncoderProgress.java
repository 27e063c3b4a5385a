package dev.promptgate.cli.trace;

import dev.promptgate.messaging.client.KafkaClients;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far the encoders are with labelled-images: their group's committed offsets. */
record EncoderProgress(String topic, Map<TopicPartition, OffsetAndMetadata> committed) {
    private static final int LIMIT_SECONDS = 10;

    /** Empty where nobody may ask (an ACL), or nobody answers in time: the rest of a trace is worth having without. */
    static EncoderProgress read(KafkaClients clients, String group, String topic) throws InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            return new EncoderProgress(topic,
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get(LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return new EncoderProgress(topic, Map.of());
        }
    }

    /** How many records the encoders have to finish until this one is; 0 or less if it is; empty if they have committed nothing there. */
    OptionalLong recordsUntil(TraceEvent arrival) {
        OffsetAndMetadata offset = committed.get(new TopicPartition(topic, arrival.partition()));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(arrival.offset() + 1 - offset.offset());
    }
}
