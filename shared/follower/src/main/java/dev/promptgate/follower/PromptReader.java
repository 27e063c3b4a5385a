package dev.promptgate.follower;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.SequenceGuard;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * From the records of a topic, in their order and from its beginning, to the prompt in force. What is refused changes nothing. Not
 * thread-safe.
 */
public final class PromptReader implements TopicFollower.Reader<LivePrompt> {
    private final String prompt;
    private final PromptKey key;
    private final PromptKind kind;
    private final PromptVerifier verifier;
    private final PromptCheck check;
    private final SequenceGuard guard = new SequenceGuard();
    private LivePrompt live;

    /** @param kind what the topic holds */
    public PromptReader(String prompt, PromptKind kind, PromptVerifier verifier, PromptCheck check) {
        this.prompt = prompt;
        key = new PromptKey(prompt);
        this.kind = kind;
        this.verifier = verifier;
        this.check = check;
        live = LivePrompt.handWritten(prompt, LivePrompt.NEVER);
    }

    /**
     * The next record.
     *
     * @return false if it is another prompt's
     * @throws RefusedPromptException if it is not used; the message tells where the record is
     */
    @Override
    public boolean take(ConsumerRecord<byte[], byte[]> record) throws RefusedPromptException {
        if (!key.isOf(record)) {
            return false;
        }
        try {
            verifier.verify(record, kind, guard);
        } catch (UntrustedPromptException e) {
            throw new RefusedPromptException(Refusal.UNTRUSTED, e.getMessage());
        }
        try {
            live = record.value() == null ? LivePrompt.handWritten(prompt, record.timestamp())
                    : LivePrompt.of(check.read(record.value()), record.timestamp());
            return true;
        } catch (RefusedPromptException e) {
            throw new RefusedPromptException(e.refusal(), "%s [topic: %s, partition: %d, offset: %d]".formatted(e.getMessage(),
                    record.topic(), record.partition(), record.offset()));
        }
    }

    /** The prompt in force after the records so far. */
    @Override
    public LivePrompt live() {
        return live;
    }
}
