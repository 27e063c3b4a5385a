package dev.promptgate.encoder;

import dev.promptgate.encoder.pipeline.Outcome;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** One Kafka transaction: features, rejections and the offsets of the records they came from. Blocking. */
final class FeatureTransaction {
    /** The transaction was aborted; the same work can be done again. */
    static final class AbortedException extends Exception {
        private static final long serialVersionUID = 1L;

        AbortedException(KafkaException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Producer<byte[], byte[]> producer;
    private final TopicNames topics;
    private final EncoderMeters meters;

    FeatureTransaction(Producer<byte[], byte[]> producer, TopicNames topics, EncoderMeters meters) {
        this.producer = producer;
        this.topics = topics;
        this.meters = meters;
    }

    /**
     * @throws AbortedException if it failed and nothing was written
     * @throws KafkaException if this producer can never write again, e.g. because another one has taken its place
     */
    void commit(List<Outcome> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) throws AbortedException {
        long began = System.nanoTime();
        List<RejectionCode> rejections = new ArrayList<>();
        try {
            producer.beginTransaction();
            for (Outcome outcome : outcomes) {
                if (outcome instanceof Outcome.Encoded encoded) {
                    producer.send(encoded.feature().encode(topics.imageFeatures()));
                } else if (outcome instanceof Outcome.Rejected rejected) {
                    rejections.add(rejected.rejection().code());
                    producer.send(rejected.rejection().encode(topics.rejectedImages()));
                }
            }
            producer.sendOffsetsToTransaction(offsets, group);
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException | OutOfOrderSequenceException | AuthorizationException
                | UnsupportedVersionException e) {
            throw e;
        } catch (KafkaException e) {
            producer.abortTransaction();
            meters.aborted();
            throw new AbortedException(e);
        }
        meters.committed(outcomes.size() - rejections.size(), rejections, System.nanoTime() - began);
    }
}
