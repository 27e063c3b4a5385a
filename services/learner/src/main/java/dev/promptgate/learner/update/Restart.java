package dev.promptgate.learner.update;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.prompt.Leap;
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
 * @param last the newest candidate of this prompt, model and shape that was learned from features that are there, if there is one
 * @param lastVersion the highest version that a candidate of this prompt was counted up to, of whatever model
 */
public record Restart(long begin, long end, Checkpoint checkpoint, Optional<Prompt> last, long lastVersion) {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    /** The version whose context the next candidate is learned from; 0 for the hand-written one. */
    public long parent() {
        return last.map(candidate -> candidate.metadata().version()).orElse(0L);
    }

    /**
     * Reads it; candidates that cannot be gone on from are named, counted and passed over: after another prompt.context-init the context
     * begins anew, on all the images that are remembered. {@code committed} is the offset of the learner's group. Blocking.
     */
    public static Restart read(Supplier<TopicReader> logs, TopicNames topics, LearnerSettings settings, PromptModel model,
            PromptVerifier verifier,
            LearnerMeters meters, Optional<OffsetAndMetadata> committed) {
        String fingerprint = model.fingerprint();
        try (TopicReader log = logs.get()) {
            TopicPartition features = log.partitions(topics.imageFeatures()).get(0);
            long end = log.ends(topics.imageFeatures()).get(features);
            CandidateCheck check = new CandidateCheck(verifier, fingerprint, settings.learning().start().contextTokens(),
                    model.textWidth(), end);
            Candidates candidates = new Candidates(new PromptKey(settings.prompt()), check, meters);
            log.forEach(topics.promptCandidates(), candidates::take);
            Checkpoint checkpoint = committed.flatMap(Checkpoint::decode).filter(found -> found.model().equals(fingerprint))
                    .orElseGet(() -> candidates.checkpoint(fingerprint));
            return new Restart(log.begin(features), end, checkpoint, candidates.last, candidates.lastVersion);
        }
    }

    /**
     * Which candidates can be gone on from: trusted, with so many context tokens and so wide a context, learned from features before the
     * end of image-features.
     */
    record CandidateCheck(PromptVerifier verifier, String fingerprint, int tokens, int width, long end) {
        boolean isOfModel(Prompt candidate) {
            return candidate.metadata().modelFingerprint().equals(fingerprint);
        }

        /** Why a candidate of this model cannot; empty if it can. */
        Optional<String> objection(Prompt candidate) {
            Context context = candidate.context();
            if (context.tokens() != tokens || context.width() != width) {
                return Optional.of(("its context has another shape than prompt.context-init and the model make "
                        + "[found: %d × %d, needed: %d × %d]").formatted(context.tokens(), context.width(), tokens, width));
            }
            long offset = candidate.metadata().featureOffsets().getOrDefault(0, 0L);
            if (offset > end) {
                return Optional.of(("it was learned from features that are not there; was image-features made anew, or who wrote it? "
                        + "[its offset: %d, end: %d]").formatted(offset, end));
            }
            long update = CandidateWriter.update(candidate);
            return update >= 0 && !Leap.isAt(update, offset) ? Optional.empty() : Optional.of(("no learner comes to the number of its "
                    + "update by counting; who wrote it? [update: %d, its offset: %d]").formatted(update, offset));
        }
    }

    /** What the topic of candidates tells. */
    private static final class Candidates {
        private final PromptKey key;
        private final CandidateCheck check;
        private final LearnerMeters meters;
        private Optional<Prompt> last = Optional.empty();
        private long lastVersion;

        Candidates(PromptKey key, CandidateCheck check, LearnerMeters meters) {
            this.key = key;
            this.check = check;
            this.meters = meters;
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            if (record.value() == null || !key.isOf(record)) {
                return;
            }
            try {
                check.verifier().verify(record, PromptKind.CANDIDATE);
                Prompt candidate = PromptCodec.decode(record.value());
                if (Leap.isAt(candidate.version(), record.offset())) {
                    passOver(record, Leap.ofVersion(candidate.version(), record.offset()));
                    return;
                }
                lastVersion = Math.max(lastVersion, candidate.version());
                if (check.isOfModel(candidate)) {
                    Optional<String> objection = check.objection(candidate);
                    objection.ifPresentOrElse(why -> passOver(record, why), () -> last = Optional.of(candidate));
                }
            } catch (UnreadablePromptException | UntrustedPromptException e) {
                passOver(record, e.getMessage());
            }
        }

        private void passOver(ConsumerRecord<byte[], byte[]> record, String why) {
            meters.increment(LearnerMeters.PASSED_OVER);
            LOG.warn("A candidate in the topic cannot be used and is passed over [offset: {}, cause: {}]", record.offset(), why);
        }

        /** Where there is no committed offset, e.g. because it expired: the last candidate knows its horizon. */
        Checkpoint checkpoint(String model) {
            return last.map(candidate -> new Checkpoint(candidate.metadata().featureOffsets().getOrDefault(0, 0L),
                    CandidateWriter.update(candidate), CandidateWriter.isShort(candidate), true, model))
                    .orElse(new Checkpoint(0, 0, false, true, model));
        }
    }
}
