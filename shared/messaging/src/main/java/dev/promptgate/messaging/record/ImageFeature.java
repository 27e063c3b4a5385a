package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code image-features}: little-endian float32, with the label, split and model in headers.
 *
 * @param modelFingerprint of the CLIP that made the feature
 * @param feature [dim], L2-normalised
 * @param timestamp when the image was produced, epoch milliseconds: carried along in a header, so that freshness is measured end to end. It
 *     is not the record's own timestamp, which is the broker's
 * @param source the labelled image that it was made from
 * @param reference where the image's file is kept, if not in that record; without secrets ({@link ImageReference#shown})
 */
public record ImageFeature(String imageId, String label, Split split, String modelFingerprint, float[] feature, long timestamp,
        SourcePosition source, Optional<String> reference) {
    private static final int MAX_DIM = 16_384;
    private static final double NORM_TOLERANCE = 0.01;

    /** Of an image whose file is in the record itself. */
    public ImageFeature(String imageId, String label, Split split, String modelFingerprint, float[] feature, long timestamp,
            SourcePosition source) {
        this(imageId, label, split, modelFingerprint, feature, timestamp, source, Optional.empty());
    }

    public ProducerRecord<byte[], byte[]> encode(String topic) {
        ByteBuffer value = ByteBuffer.allocate(feature.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        value.asFloatBuffer().put(feature);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, RecordHeaders.utf8(imageId), value.array());
        record.headers().add(RecordHeaders.LABEL, RecordHeaders.utf8(label)).add(RecordHeaders.SPLIT, RecordHeaders.utf8(split.wireName()))
                .add(RecordHeaders.MODEL, RecordHeaders.utf8(modelFingerprint))
                .add(RecordHeaders.PRODUCED_AT, RecordHeaders.utf8(Long.toString(timestamp)))
                .add(RecordHeaders.SOURCE_PARTITION, RecordHeaders.utf8(Integer.toString(source.partition())))
                .add(RecordHeaders.SOURCE_OFFSET, RecordHeaders.utf8(Long.toString(source.offset())));
        reference.ifPresent(where -> record.headers().add(RecordHeaders.REFERENCE, RecordHeaders.utf8(where)));
        return record;
    }

    /** @throws InvalidRecordException if the record is no unit vector with label, split and model */
    public static ImageFeature decode(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        byte[] value = record.value();
        if (value == null || value.length == 0 || value.length % Float.BYTES != 0 || value.length > MAX_DIM * Float.BYTES) {
            throw malformed("its value is no array of float32 [bytes: " + (value == null ? 0 : value.length) + "]");
        }
        float[] feature = new float[value.length / Float.BYTES];
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(feature);
        double squares = 0;
        for (float element : feature) {
            squares += (double) element * element;
        }
        if (!(Math.abs(Math.sqrt(squares) - 1) < NORM_TOLERANCE)) { // NaN and infinity fail here too
            throw malformed("it is not of unit length [norm: " + Math.sqrt(squares) + "]");
        }
        String split = header(record, RecordHeaders.SPLIT);
        if (record.key() != null) {
            ImageIds.check(record.key());
        }
        return new ImageFeature(header(record.key(), "key"), LabelRules.read(RecordHeaders.bytes(record.headers(), RecordHeaders.LABEL)),
                WireName.parse(Split.class, split)
                        .orElseThrow(() -> new InvalidRecordException(RejectionCode.UNKNOWN_SPLIT, "The feature's split is unknown")),
                header(record, RecordHeaders.MODEL), feature, number(record, RecordHeaders.PRODUCED_AT),
                new SourcePosition((int) number(record, RecordHeaders.SOURCE_PARTITION), number(record, RecordHeaders.SOURCE_OFFSET)),
                reference(record));
    }

    private static Optional<String> reference(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        byte[] where = RecordHeaders.bytes(record.headers(), RecordHeaders.REFERENCE);
        return where == null ? Optional.empty() : Optional.of(header(where, RecordHeaders.REFERENCE));
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name) throws InvalidRecordException {
        try {
            return Long.parseLong(header(record, name));
        } catch (NumberFormatException e) {
            throw malformed("its " + name + " is no number");
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) throws InvalidRecordException {
        return header(RecordHeaders.bytes(record.headers(), name), name);
    }

    private static String header(byte[] bytes, String name) throws InvalidRecordException {
        try {
            if (bytes != null) {
                return RecordHeaders.text(bytes);
            }
        } catch (CharacterCodingException e) {
            throw malformed("its " + name + " is not UTF-8");
        }
        throw malformed("it has no " + name);
    }

    private static InvalidRecordException malformed(String why) {
        return new InvalidRecordException(RejectionCode.MALFORMED_FEATURE, "The feature record cannot be used: " + why);
    }
}
