package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers that a signed record carries: a signature of 64 bytes, a key id of 16 hexadecimal digits, and the sequence. */
record SignatureHeaders(byte[] signature, String keyId, long sequence) {
    private static final String SIGNATURE = "signature";
    private static final String KEY_ID = "signature-key";
    private static final String SEQUENCE = "sequence";
    private static final int SIGNATURE_BYTES = 64;
    private static final Pattern KEY_ID_FORM = Pattern.compile("[0-9a-f]{16}");
    /** One way to write each number, so that what is signed and what is sent cannot differ. */
    private static final Pattern SEQUENCE_FORM = Pattern.compile("0|[1-9][0-9]{0,18}");

    void writeTo(Headers headers) {
        put(headers, SIGNATURE, signature);
        put(headers, KEY_ID, keyId.getBytes(StandardCharsets.US_ASCII));
        put(headers, SEQUENCE, Long.toString(sequence).getBytes(StandardCharsets.US_ASCII));
    }

    private static void put(Headers headers, String name, byte[] value) {
        headers.remove(name); // of an earlier signature
        headers.add(name, value);
    }

    static SignatureHeaders read(ConsumerRecord<?, ?> record, PromptKind kind) throws UntrustedPromptException {
        if (record.headers().lastHeader(SIGNATURE) == null) {
            throw new UntrustedPromptException(Reason.UNSIGNED, "The %s is not signed; set trust.%s-signing-key where it is written"
                    .formatted(kind.wireName(), kind.keys()), record, "");
        }
        byte[] signature = only(record, kind, SIGNATURE);
        if (signature.length != SIGNATURE_BYTES) {
            throw malformed(record, kind, SIGNATURE, "must be %d bytes [found: %d]".formatted(SIGNATURE_BYTES, signature.length));
        }
        String keyId = ascii(only(record, kind, KEY_ID));
        if (!KEY_ID_FORM.matcher(keyId).matches()) {
            throw malformed(record, kind, KEY_ID, "must be 16 hexadecimal digits");
        }
        OptionalLong sequence = parse(only(record, kind, SEQUENCE));
        if (sequence.isEmpty()) {
            throw malformed(record, kind, SEQUENCE, "must be a decimal number of 64 bits");
        }
        return new SignatureHeaders(signature, keyId, sequence.getAsLong());
    }

    /** The sequence that the record claims, to be believed only once it is verified; empty where it has none that can be read. */
    static OptionalLong sequence(ConsumerRecord<?, ?> record) {
        Header header = record.headers().lastHeader(SEQUENCE);
        return header == null || header.value() == null ? OptionalLong.empty() : parse(header.value());
    }

    private static OptionalLong parse(byte[] bytes) {
        String text = ascii(bytes);
        try {
            return SEQUENCE_FORM.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // 19 digits that are more than 64 bits hold
        }
    }

    /** Two headers of a name would let two readers see two things. */
    private static byte[] only(ConsumerRecord<?, ?> record, PromptKind kind, String name) throws UntrustedPromptException {
        Iterator<Header> headers = record.headers().headers(name).iterator();
        byte[] value = headers.hasNext() ? headers.next().value() : null;
        if (value == null) {
            throw malformed(record, kind, name, "is missing");
        }
        if (headers.hasNext()) {
            throw malformed(record, kind, name, "is there more than once");
        }
        return value;
    }

    private static UntrustedPromptException malformed(ConsumerRecord<?, ?> record, PromptKind kind, String name, String why) {
        return new UntrustedPromptException(Reason.MALFORMED, "The %s cannot be verified: its header '%s' %s; find out who wrote it"
                .formatted(kind.wireName(), name, why), record, "");
    }

    /** Byte by byte, so that what is not ASCII never looks like it. */
    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
