package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException.Reason;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds old signed records that somebody sends again: per record key, each sequence must be above the highest accepted before. One guard
 * for one reader of one topic; whoever reads the topic from its beginning again starts with a new one. Not thread-safe.
 */
public final class SequenceGuard {
    private final Map<ByteBuffer, Long> highest = new HashMap<>();

    /** Takes note of a verified record; throws UntrustedPromptException if its sequence is missing or not above the highest accepted. */
    public void accept(ConsumerRecord<byte[], byte[]> record) throws UntrustedPromptException {
        long sequence = SignatureHeaders.sequence(record).orElseThrow(() -> new UntrustedPromptException(Reason.MALFORMED,
                "The prompt has no sequence that can be read; find out who wrote it", record, ""));
        Long before = highest.get(wrap(record.key()));
        if (before != null && sequence <= before) {
            throw new UntrustedPromptException(Reason.REPLAYED, "The prompt is an old one that was sent again; find out who wrote it",
                    record, "sequence: %d, accepted before: %d".formatted(sequence, before));
        }
        highest.put(wrap(record.key()), sequence);
    }

    /** The highest sequence accepted for a record key; the next to sign is one above it. */
    public OptionalLong highest(byte[] key) {
        Long sequence = highest.get(wrap(key));
        return sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence);
    }

    private static ByteBuffer wrap(byte[] key) {
        return key == null ? null : ByteBuffer.wrap(key.clone());
    }
}
