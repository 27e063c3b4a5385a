package dev.promptgate.console.state;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as the services write them. */
final class Records {
    private Records() {}

    static ConsumerRecord<byte[], byte[]> of(String key, byte[] value, long offset, long timestamp) {
        return new ConsumerRecord<>("t", 0, offset, timestamp, TimestampType.LOG_APPEND_TIME, 0, 0, utf8(key), value, new RecordHeaders(),
                Optional.empty());
    }

    static ConsumerRecord<byte[], byte[]> report(String json, long offset) {
        return of("default", utf8(json.replace('\'', '"')), offset, 1000 + offset);
    }

    static ConsumerRecord<byte[], byte[]> snapshot(String prompt, long version, Map<String, String> training, Map<String, String> verdict) {
        PromptMetadata about = new PromptMetadata(prompt, version, version - 1, "m", 1,
                new PromptMetadata.Origin(List.of("cat", "dog"), "a photo of a", training, Map.of(0, 5L), Map.of()), verdict);
        return of(prompt, PromptCodec.encode(new Prompt(new Context(1, 2, new float[] {1, 2}), about)), version, 100 * version);
    }

    /** With the time of its offset. @param bytes of the image; none: as older encoders wrote it */
    static ConsumerRecord<byte[], byte[]> feature(String id, String label, long offset, String bytes) {
        ProducerRecord<byte[], byte[]> sent = new ImageFeature(id, label, Split.TRAIN, "m", new float[] {1}, 7, new SourcePosition(0, 1),
                new ImageFeature.ImageFile(bytes.isEmpty() ? "" : ImageIds.sha256(utf8(bytes)), Optional.empty(), "")).encode("t");
        ConsumerRecord<byte[], byte[]> record = of(id, sent.value(), offset, offset);
        sent.headers().forEach(record.headers()::add);
        return record;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
