package dev.promptgate.evaluator;

import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an evaluator finds in Kafka when it starts.
 *
 * @param featurePartitions of image-features
 * @param live the live prompt; empty for the hand-written one
 * @param liveSince when it was rolled out, epoch milliseconds
 * @param nextCandidate the offset of the first candidate without a final report
 */
record EvaluatorStart(List<TopicPartition> featurePartitions, Optional<PromptSnapshot> live, long liveSince, long nextCandidate) {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorStart.class);

    /** Blocking. */
    static EvaluatorStart read(KafkaClients clients, TopicNames topics, String prompt, String fingerprint) {
        try (TopicLog log = new TopicLog(clients)) {
            log.partitions(topics.promptCandidates());
            Optional<PromptSnapshot> live = Optional.empty();
            long since = 0;
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.promptRollouts())) {
                if (isFor(prompt, record)) {
                    live = decode(record).filter(snapshot -> snapshot.metadata().modelFingerprint().equals(fingerprint));
                    since = live.isPresent() ? record.timestamp() : 0;
                }
            }
            long next = 0;
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.evaluationReports())) {
                if (isFor(prompt, record) && record.value() != null) {
                    next = Math.max(next, Report.settledOffset(record.value()) + 1);
                }
            }
            return new EvaluatorStart(log.partitions(topics.imageFeatures()), live, since, next);
        }
    }

    static boolean isFor(String prompt, ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && new String(record.key(), StandardCharsets.UTF_8).equals(prompt);
    }

    private static Optional<PromptSnapshot> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty(); // back to the hand-written prompt
        }
        try {
            return Optional.of(SnapshotCodec.decode(record.value()));
        } catch (SnapshotException e) {
            LOG.warn("A rollout in the topic cannot be read; the hand-written prompt counts as live [offset: {}, cause: {}]", record.offset(), e.getMessage());
            return Optional.empty();
        }
    }
}
