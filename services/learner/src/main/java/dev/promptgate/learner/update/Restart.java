package dev.promptgate.learner.update;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.TopicReader;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an earlier learner stopped, read from Kafka.
 *
 * @param begin offset of the first record of image-features
 * @param end offset behind its last one
 * @param checkpoint up to which features are only remembered
 * @param last the newest candidate of this prompt and model, if there is one
 * @param lastVersion the highest version that a candidate of this prompt has, of whatever model
 */
public record Restart(long begin, long end, Checkpoint checkpoint, Optional<Prompt> last, long lastVersion) {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    /** The version whose context the next candidate is learned from; 0 for the hand-written one. */
    public long parent() {
        return last.map(candidate -> candidate.metadata().version()).orElse(0L);
    }

    /** Reads it; candidates that are not verified are passed over. {@code committed} is the offset of the learner's group. Blocking. */
    public static Restart read(Supplier<TopicReader> logs, TopicNames topics, String prompt, String fingerprint, PromptVerifier verifier,
            Optional<OffsetAndMetadata> committed) {
        try (TopicReader log = logs.get()) {
            Candidates candidates = new Candidates(prompt, fingerprint, verifier);
            log.forEach(topics.promptCandidates(), candidates::take);
            Checkpoint checkpoint = committed.flatMap(Checkpoint::decode).filter(found -> found.model().equals(fingerprint))
                    .orElseGet(() -> candidates.checkpoint(fingerprint));
            TopicPartition features = log.partitions(topics.imageFeatures()).get(0);
            return new Restart(log.begin(features), log.ends(topics.imageFeatures()).get(features), checkpoint,
                    candidates.last, candidates.lastVersion);
        }
    }

    /** What the topic of candidates tells. */
    private static final class Candidates {
        private final PromptKey key;
        private final String fingerprint;
        private final PromptVerifier verifier;
        private Optional<Prompt> last = Optional.empty();
        private long lastVersion;

        Candidates(String prompt, String fingerprint, PromptVerifier verifier) {
            key = new PromptKey(prompt);
            this.fingerprint = fingerprint;
            this.verifier = verifier;
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            if (record.value() == null || !key.isOf(record)) {
                return;
            }
            try {
                verifier.verify(record, PromptKind.CANDIDATE);
                Prompt candidate = PromptCodec.decode(record.value());
                lastVersion = Math.max(lastVersion, candidate.metadata().version());
                if (candidate.metadata().modelFingerprint().equals(fingerprint)) {
                    last = Optional.of(candidate);
                }
            } catch (UnreadablePromptException | UntrustedPromptException e) {
                LOG.warn("A candidate in the topic cannot be used and is passed over [offset: {}, cause: {}]", record.offset(),
                        e.getMessage());
            }
        }

        /** Where there is no committed offset, e.g. because it expired: the last candidate knows its horizon. */
        Checkpoint checkpoint(String model) {
            return last.map(candidate -> new Checkpoint(candidate.metadata().featureOffsets().getOrDefault(0, 0L),
                    CandidateWriter.update(candidate), CandidateWriter.isShort(candidate), true, model))
                    .orElse(new Checkpoint(0, 0, false, true, model));
        }
    }
}
