package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What an image id may be, and which one a record has. */
public final class ImageIds {
    /** The longest key: every service holds ids in memory. */
    public static final int MAX_BYTES = 512;
    /** With which no id begins, in ASCII: with what follows it, it is the key of a class. */
    public static final String RESERVED = "promptgate-class/";

    private ImageIds() {}

    /** @throws InvalidRecordException if a key is too long for an id, or is reserved */
    public static void check(byte[] key) throws InvalidRecordException {
        if (key.length > MAX_BYTES) {
            throw new InvalidRecordException(RejectionCode.ID_TOO_LONG,
                    "The image id is too long; send a shorter key [bytes: %d, limit: %d]".formatted(key.length, MAX_BYTES));
        }
        if (isReserved(key)) {
            throw new InvalidRecordException(RejectionCode.RESERVED_ID,
                    "No image id begins with %s, as the keys of classes do; send another key".formatted(RESERVED));
        }
    }

    /** Whether a key is none of an image but of a class. */
    public static boolean isReserved(byte[] key) {
        int length = RESERVED.length();
        return key.length >= length && RESERVED.equals(new String(key, 0, length, StandardCharsets.US_ASCII));
    }

    /**
     * The id of a record of labelled-images, whether or not the record can be used: its key; without one the SHA-256, hexadecimal, of its
     * value, whether that is the image or says where it is kept; without a value that of the header {@code ce_dataref}; of a record that
     * has none of them, the empty text.
     */
    public static String of(ConsumerRecord<byte[], byte[]> record) {
        if (hasKey(record)) {
            return ofKey(record.key());
        }
        boolean isEmpty = record.value() == null || record.value().length == 0;
        byte[] digested = isEmpty ? RecordHeaders.bytes(record.headers(), ImageContent.DATAREF_HEADER) : record.value();
        return digested == null || digested.length == 0 ? "" : sha256(digested);
    }

    /** Whether the record's key says its id. */
    public static boolean hasKey(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && record.key().length > 0;
    }

    private static String ofKey(byte[] key) {
        try {
            return RecordHeaders.text(key);
        } catch (CharacterCodingException e) {
            return HexFormat.of().formatHex(key); // a binary key is as good an id as any
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
