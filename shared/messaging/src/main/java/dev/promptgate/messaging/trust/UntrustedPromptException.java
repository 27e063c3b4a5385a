package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.record.WireName;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A prompt that must not be used; the message is one line: what, what to do, where. */
public final class UntrustedPromptException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it is refused; a closed list, so that it can tag a meter. */
    public enum Reason implements WireName {
        /** It has no {@code signature} header. */
        UNSIGNED,
        /** It names a key that is not among the public keys. */
        UNKNOWN_KEY,
        /** The signature is not that key's over this kind, sequence, key and value. */
        BAD_SIGNATURE,
        /** A header of the signature is missing, doubled, or not of its form. */
        MALFORMED,
        /** Its sequence is not above the highest that was accepted for its key. */
        REPLAYED
    }

    private final Reason reason;

    UntrustedPromptException(Reason reason, String what, ConsumerRecord<?, ?> record, String detail) {
        super("%s [topic: %s, partition: %d, offset: %d%s]".formatted(what, record.topic(), record.partition(), record.offset(),
                detail.isEmpty() ? "" : ", " + detail));
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
