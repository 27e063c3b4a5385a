package dev.promptgate.console.kafka;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.Source;
import dev.promptgate.console.image.ErasedImages;
import dev.promptgate.console.state.ConsoleState;
import dev.promptgate.console.state.UnusableRecordException;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.SequenceGuard;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands records to the state, and passes over, with a line and a counter, what cannot be trusted or used. Not thread-safe. */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final ConsoleState state;
    private final ErasedImages erased;
    private final ConsoleMeters meters;
    private final Map<String, Source> byTopic = new HashMap<>();
    private final Map<Source, Long> counts = new EnumMap<>(Source.class);
    private final Map<PromptKind, PromptVerifier> verifiers;
    private final Map<PromptKind, SequenceGuard> guards = Map.of(PromptKind.ROLLOUT, new SequenceGuard(), PromptKind.CANDIDATE,
            new SequenceGuard());

    /** @param verifiers each is off without public keys */
    public Intake(ConsoleState state, ErasedImages erased, TopicNames topics, Map<PromptKind, PromptVerifier> verifiers,
            ConsoleMeters meters) {
        this.state = state;
        this.erased = erased;
        this.meters = meters;
        this.verifiers = verifiers;
        for (Source source : Source.values()) {
            byTopic.put(source.topic(topics), source);
            counts.put(source, 0L);
        }
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        Source source = byTopic.get(record.topic());
        counts.merge(source, 1L, Long::sum);
        try {
            if (source == Source.PROMPT_ROLLOUTS) {
                verify(record, PromptKind.ROLLOUT);
            } else if (source == Source.PROMPT_CANDIDATES) {
                verify(record, PromptKind.CANDIDATE);
            } else if (source == Source.IMAGE_FEATURES) {
                erased.take(record);
            }
            state.take(source, record);
        } catch (UntrustedPromptException e) {
            meters.increment(ConsoleMeters.UNUSABLE, source);
            LOG.warn("Not shown: {}", e.getMessage());
        } catch (UnusableRecordException e) {
            meters.increment(ConsoleMeters.UNUSABLE, source);
            LOG.warn("A record cannot be shown: {} [topic: {}, partition: {}, offset: {}]", e.getMessage(), record.topic(),
                    record.partition(), record.offset());
        }
    }

    private void verify(ConsumerRecord<byte[], byte[]> record, PromptKind kind) throws UntrustedPromptException {
        if (state.isOurs(record)) {
            verifiers.get(kind).verify(record, kind, guards.get(kind));
        }
    }

    ConsoleState state() {
        return state;
    }

    /** Records read so far, per topic. */
    Map<Source, Long> counts() {
        return Map.copyOf(counts);
    }
}
