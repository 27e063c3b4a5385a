package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The key of everything that is about one prompt: its candidates, rollouts, reports and commands; and, of what it has in several records,
 * {@code <prompt>/<part>}, parts being counted from 0. Immutable.
 */
public final class PromptKey {
    private static final Pattern PART = Pattern.compile("/(0|[1-9][0-9]{0,5})");

    private final byte[] bytes;

    public PromptKey(String prompt) {
        bytes = prompt.getBytes(StandardCharsets.UTF_8);
    }

    public boolean isOf(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.equals(bytes, record.key());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The key of a part. */
    public byte[] bytes(int part) {
        byte[] suffix = ("/" + part).getBytes(StandardCharsets.US_ASCII);
        byte[] key = Arrays.copyOf(bytes, bytes.length + suffix.length);
        System.arraycopy(suffix, 0, key, bytes.length, suffix.length);
        return key;
    }

    /** Which part of the prompt's a record is; empty if it is none. */
    public OptionalInt partOf(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        if (key == null || key.length < bytes.length || !Arrays.equals(key, 0, bytes.length, bytes, 0, bytes.length)) {
            return OptionalInt.empty();
        }
        Matcher part = PART.matcher(new String(key, bytes.length, key.length - bytes.length, StandardCharsets.ISO_8859_1));
        return part.matches() ? OptionalInt.of(Integer.parseInt(part.group(1))) : OptionalInt.empty();
    }
}
