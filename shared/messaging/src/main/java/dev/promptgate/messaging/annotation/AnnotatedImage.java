package dev.promptgate.messaging.annotation;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code label-studio-annotations}: which annotation gave an image its present label. Label Studio names only the annotation
 * when one is deleted.
 *
 * @param annotation its number in Label Studio; empty if the image has no label any more, which is a null value
 */
public record AnnotatedImage(String imageId, Optional<String> annotation) {
    /** The record as it was read; one without a key has the empty id. */
    public static AnnotatedImage decode(ConsumerRecord<byte[], byte[]> record) {
        return new AnnotatedImage(record.key() == null ? "" : text(record.key()),
                Optional.ofNullable(record.value()).map(AnnotatedImage::text));
    }

    public ProducerRecord<byte[], byte[]> encode(String topic) {
        return new ProducerRecord<>(topic, imageId.getBytes(StandardCharsets.UTF_8),
                annotation.map(number -> number.getBytes(StandardCharsets.UTF_8)).orElse(null));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
