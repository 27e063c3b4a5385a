package dev.promptgate.encoder;

import dev.promptgate.encoder.pipeline.Outcome;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.messaging.transaction.FencedException;
import dev.promptgate.messaging.transaction.TransactionAbortedException;
import dev.promptgate.messaging.transaction.TransactionalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Writes features, rejections and the offsets of the records they came from in one transaction. Blocking. */
final class FeatureDelivery {
    private final TransactionalWriter writer;
    private final TopicNames topics;
    private final int maxValueBytes;
    private final EncoderMeters meters;

    FeatureDelivery(TransactionalWriter writer, TopicNames topics, int maxImageBytes, EncoderMeters meters) {
        this.writer = writer;
        this.topics = topics;
        maxValueBytes = maxImageBytes + TopicSpec.ENVELOPE_BYTES;
        this.meters = meters;
    }

    /**
     * @throws TransactionAbortedException if it failed and the committed offsets tell what took effect
     * @throws FencedException if another encoder has this one's transactional id
     */
    void commit(List<Outcome> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) throws TransactionAbortedException {
        long began = System.nanoTime();
        List<RejectionCode> rejections = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Encoded encoded) {
                records.add(encoded.feature().encode(topics.imageFeatures()));
            } else if (outcome instanceof Outcome.Rejected rejected) {
                rejections.add(rejected.rejection().code());
                records.add(rejected.rejection().encode(topics.rejectedImages(), maxValueBytes));
            }
        }
        writer.write(records, offsets, group);
        meters.committed(outcomes.size() - rejections.size(), rejections, System.nanoTime() - began);
    }
}
