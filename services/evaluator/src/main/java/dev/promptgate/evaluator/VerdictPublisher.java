package dev.promptgate.evaluator;

import dev.promptgate.messaging.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes a report, and with it the rollout if there is one, in one transaction. Blocking. */
final class VerdictPublisher {
    private final Producer<byte[], byte[]> producer;
    private final TopicNames topics;
    private final byte[] key;

    VerdictPublisher(Producer<byte[], byte[]> producer, TopicNames topics, String prompt) {
        this.producer = producer;
        this.topics = topics;
        key = prompt.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param rollout the snapshot to roll out, or null
     * @throws KafkaException if it cannot be written; nothing is then
     */
    void publish(byte[] report, byte[] rollout) {
        producer.beginTransaction();
        try {
            if (rollout != null) {
                producer.send(new ProducerRecord<>(topics.promptRollouts(), key, rollout));
            }
            producer.send(new ProducerRecord<>(topics.evaluationReports(), key, report));
            producer.commitTransaction();
        } catch (KafkaException e) {
            try {
                producer.abortTransaction();
            } catch (KafkaException suppressed) {
                e.addSuppressed(suppressed); // fenced: the broker has aborted it already
            }
            throw e;
        }
    }
}
