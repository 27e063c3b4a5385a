package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code labelled-images}: an image file, or where it is kept; the id is that of {@link ImageIds#of}. The timestamp is that of
 * its sender, epoch milliseconds.
 *
 * @param bytes the file; none of an image that is kept elsewhere
 */
public record LabelledImage(String imageId, String label, Split split, byte[] bytes, long timestamp, Optional<ImageReference> reference) {
    private static final byte[] NO_BYTES = {};

    public LabelledImage(String imageId, String label, Split split, byte[] bytes, long timestamp) {
        this(imageId, label, split, bytes, timestamp, Optional.empty());
    }

    /** An image that is kept elsewhere. */
    public LabelledImage(String imageId, String label, Split split, ImageReference reference, long timestamp) {
        this(imageId, label, split, NO_BYTES, timestamp, Optional.of(reference));
    }

    /** @throws InvalidRecordException if value, label or split break a rule; the image itself is not looked at */
    public static LabelledImage decode(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        ImageContent content = ImageContent.of(record);
        String label = LabelRules.read(content.label());
        String imageId = imageId(record);
        return new LabelledImage(imageId, label, split(content.split(), imageId), content.bytes(), record.timestamp(),
                content.reference());
    }

    /** @throws InvalidRecordException if the label breaks a rule */
    public LabelledImage withLabel(String other) throws InvalidRecordException {
        return new LabelledImage(imageId, LabelRules.read(RecordHeaders.utf8(other)), split, bytes, timestamp, reference);
    }

    /** What is known of it, its file left out. */
    public LabelledImage withoutBytes() {
        return new LabelledImage(imageId, label, split, NO_BYTES, timestamp, reference);
    }

    /** The record to produce, stamped with the time of sending; the split header is left out if {@code split} is null. */
    public ProducerRecord<byte[], byte[]> encode(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, RecordHeaders.utf8(imageId),
                reference.map(ImageReference::uriList).orElse(bytes));
        reference.ifPresent(where -> where.describe(record.headers()));
        record.headers().add(RecordHeaders.LABEL, RecordHeaders.utf8(label));
        if (split != null) {
            record.headers().add(RecordHeaders.SPLIT, RecordHeaders.utf8(split.wireName()));
        }
        return record;
    }

    private static String imageId(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        if (record.key() != null) {
            ImageIds.check(record.key());
        }
        return ImageIds.of(record);
    }

    private static Split split(byte[] header, String imageId) throws InvalidRecordException {
        if (header == null) {
            return Split.ofImageId(imageId);
        }
        try {
            String name = RecordHeaders.text(header);
            return WireName.parse(Split.class, name).orElseThrow(() -> unknown(name));
        } catch (CharacterCodingException e) {
            throw unknown("(not UTF-8)");
        }
    }

    private static InvalidRecordException unknown(String name) {
        return new InvalidRecordException(RejectionCode.UNKNOWN_SPLIT,
                "The split is unknown; use train, held-out or probe, or leave it out [split: %s]".formatted(Quoted.of(name)));
    }
}
