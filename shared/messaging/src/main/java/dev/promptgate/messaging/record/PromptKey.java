package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The key of everything that is about one prompt: its candidates, rollouts, reports and commands. Immutable. */
public final class PromptKey {
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
}
