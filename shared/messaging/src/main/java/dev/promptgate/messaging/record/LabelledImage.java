package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.charset.CharacterCodingException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code labelled-images}: an image file; the id is the key, or without one the SHA-256 of the bytes, hexadecimal. The
 * timestamp is that of its sender, epoch milliseconds.
 */
public record LabelledImage(String imageId, String label, Split split, byte[] bytes, long timestamp) {
    /** @throws InvalidRecordException if value, label or split break a rule; the image itself is not looked at */
    public static LabelledImage decode(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        if (record.value() == null || record.value().length == 0) {
            throw new InvalidRecordException(RejectionCode.EMPTY_VALUE,
                    "The record has no value; send the image file's bytes, or to erase an image its id as key and null as value");
        }
        String label = LabelRules.read(RecordHeaders.bytes(record.headers(), RecordHeaders.LABEL));
        String imageId = imageId(record);
        return new LabelledImage(imageId, label, split(RecordHeaders.bytes(record.headers(), RecordHeaders.SPLIT), imageId), record.value(),
                record.timestamp());
    }

    /** The record to produce, stamped with the time of sending; the split header is left out if {@code split} is null. */
    public ProducerRecord<byte[], byte[]> encode(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, RecordHeaders.utf8(imageId), bytes);
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
