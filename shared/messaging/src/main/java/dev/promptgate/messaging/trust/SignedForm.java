package dev.promptgate.messaging.trust;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that a prompt's signature is made over. Five fields, each its length (4 bytes, unsigned, big-endian) and then its bytes, so
 * that no two records share one form: the version of this form, which sets it apart from anything else signed with the key;
 * {@code candidate}, {@code rollout} or {@code embedding}, ASCII; the sequence, 8 bytes, big-endian; the record's key; its value. A key or
 * value that is null is the length {@code FF FF FF FF} with no bytes: a tombstone is not an empty value. Headers, topic, partition, offset
 * and timestamp are not signed.
 */
final class SignedForm {
    private static final byte[] VERSION = ascii("promptgate-snapshot-v1");
    private static final int ABSENT = -1;

    private SignedForm() {}

    static byte[] of(PromptKind kind, long sequence, byte[] key, byte[] value) {
        byte[][] fields = {VERSION, ascii(kind.wireName()), ByteBuffer.allocate(Long.BYTES).putLong(sequence).array(), key, value};
        int size = 0;
        for (byte[] field : fields) {
            size = Math.addExact(size, Integer.BYTES + (field == null ? 0 : field.length));
        }
        ByteBuffer form = ByteBuffer.allocate(size); // big-endian unless told otherwise
        for (byte[] field : fields) {
            form.putInt(field == null ? ABSENT : field.length);
            if (field != null) {
                form.put(field);
            }
        }
        return form.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
