package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code labelled-images} with a key and without a value: the image of that id is to train and judge no longer. An empty value
 * is no erasure but a mistake.
 */
public record ImageErasure(String imageId, SourcePosition source) {
    /** Whether a record of {@code labelled-images} erases. */
    public static boolean isIn(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null && ImageIds.hasKey(record) && !ImageContent.isEvent(record);
    }

    /** @throws InvalidRecordException if the key is too long for an id */
    public static ImageErasure decode(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        ImageIds.check(record.key());
        return new ImageErasure(ImageIds.of(record), new SourcePosition(record.partition(), record.offset()));
    }

    /** The record of {@code labelled-images} that erases an image. */
    public static ProducerRecord<byte[], byte[]> of(String imageId, String topic) {
        return new ProducerRecord<>(topic, RecordHeaders.utf8(imageId), null);
    }

    /** The record of {@code image-features} that takes the image's feature back, and says which record asked for it. */
    public ProducerRecord<byte[], byte[]> encode(String topic) {
        ProducerRecord<byte[], byte[]> record = of(imageId, topic);
        record.headers().add(RecordHeaders.SOURCE_PARTITION, RecordHeaders.utf8(Integer.toString(source.partition())))
                .add(RecordHeaders.SOURCE_OFFSET, RecordHeaders.utf8(Long.toString(source.offset())));
        return record;
    }

    /** Which record a null value of {@code image-features} comes from; empty if no encoder wrote it. */
    public static Optional<SourcePosition> sourceOf(ConsumerRecord<byte[], byte[]> feature) {
        byte[] partition = RecordHeaders.bytes(feature.headers(), RecordHeaders.SOURCE_PARTITION);
        byte[] offset = RecordHeaders.bytes(feature.headers(), RecordHeaders.SOURCE_OFFSET);
        try {
            return partition == null || offset == null ? Optional.empty()
                    : Optional.of(new SourcePosition(Integer.parseInt(new String(partition, StandardCharsets.US_ASCII)),
                            Long.parseLong(new String(offset, StandardCharsets.US_ASCII))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
