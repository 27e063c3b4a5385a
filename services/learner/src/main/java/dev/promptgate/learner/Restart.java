package dev.promptgate.learner;

import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an earlier learner stopped, read from Kafka.
 *
 * @param partitions of image-features
 * @param last the newest candidate of this prompt and model, if there is one
 */
record Restart(List<TopicPartition> partitions, Optional<PromptSnapshot> last) {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    /** Blocking. */
    static Restart read(KafkaClients clients, TopicNames topics, String prompt, String fingerprint) {
        try (TopicLog log = new TopicLog(clients)) {
            Optional<PromptSnapshot> last = Optional.empty();
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.promptCandidates())) {
                Optional<PromptSnapshot> snapshot = decode(record);
                if (snapshot.isPresent() && snapshot.get().metadata().prompt().equals(prompt)
                        && snapshot.get().metadata().modelFingerprint().equals(fingerprint)) {
                    last = snapshot;
                }
            }
            return new Restart(log.partitions(topics.imageFeatures()), last);
        }
    }

    private static Optional<PromptSnapshot> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? Optional.empty() : Optional.of(SnapshotCodec.decode(record.value()));
        } catch (SnapshotException e) {
            LOG.warn("A candidate in the topic cannot be read and is passed over [offset: {}, key: {}, cause: {}]", record.offset(),
                    record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8), e.getMessage());
            return Optional.empty();
        }
    }

    /** Per partition, the offset up to which features are only remembered, since the last candidate was learned from them. */
    long horizon(TopicPartition partition) {
        Map<Integer, Long> offsets = last.map(snapshot -> snapshot.metadata().featureOffsets()).orElse(Map.of());
        return offsets.getOrDefault(partition.partition(), 0L);
    }
}
