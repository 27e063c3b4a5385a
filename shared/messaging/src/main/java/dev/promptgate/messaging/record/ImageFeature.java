package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.regex.Pattern;
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
 * @param file that it was made from
 */
public record ImageFeature(String imageId, String label, Split split, String modelFingerprint, float[] feature, long timestamp,
        SourcePosition source, ImageFile file) {
    /**
     * What is known of the image's file, and of how it was read.
     *
     * @param sha256 of its bytes, hexadecimal in lower case: tells whether an id came again with other bytes. Empty if it is not known, as
     *     on the records of older encoders
     * @param reference where it is kept, if not in the labelled image's record; without secrets ({@link ImageReference#shown})
     * @param fingerprint of all that the feature depends on beside the file: model, preprocessing and precision. Empty if it is not known
     */
    public record ImageFile(String sha256, Optional<String> reference, String fingerprint) {
        private static final ImageFile UNKNOWN = new ImageFile("", Optional.empty(), "");
    }

    private static final int MAX_DIM = 16_384;
    private static final int MAX_FINGERPRINT = 128; // characters
    private static final double NORM_TOLERANCE = 0.01;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** One of whose file nothing is known. */
    public ImageFeature(String imageId, String label, Split split, String modelFingerprint, float[] feature, long timestamp,
            SourcePosition source) {
        this(imageId, label, split, modelFingerprint, feature, timestamp, source, ImageFile.UNKNOWN);
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
        if (!file.sha256().isEmpty()) {
            record.headers().add(RecordHeaders.IMAGE_SHA256, RecordHeaders.utf8(file.sha256()));
        }
        if (!file.fingerprint().isEmpty()) {
            record.headers().add(RecordHeaders.IMAGE_FINGERPRINT, RecordHeaders.utf8(file.fingerprint()));
        }
        file.reference().ifPresent(where -> record.headers().add(RecordHeaders.REFERENCE, RecordHeaders.utf8(where)));
        return record;
    }

    /** The same record under another label, for the same topic; everything else stays as it is, unknown headers included. */
    public static ProducerRecord<byte[], byte[]> relabelled(ConsumerRecord<byte[], byte[]> record, String label) {
        ProducerRecord<byte[], byte[]> other = new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value(),
                record.headers());
        other.headers().remove(RecordHeaders.LABEL).add(RecordHeaders.LABEL, RecordHeaders.utf8(label));
        return other;
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
                new ImageFile(digest(record), optional(record, RecordHeaders.REFERENCE), fingerprint(record)));
    }

    private static Optional<String> optional(ConsumerRecord<byte[], byte[]> record, String name) throws InvalidRecordException {
        byte[] bytes = RecordHeaders.bytes(record.headers(), name);
        return bytes == null ? Optional.empty() : Optional.of(header(bytes, name));
    }

    private static String fingerprint(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        String fingerprint = optional(record, RecordHeaders.IMAGE_FINGERPRINT).orElse("");
        if (fingerprint.length() > MAX_FINGERPRINT) {
            throw malformed("its " + RecordHeaders.IMAGE_FINGERPRINT + " is too long");
        }
        return fingerprint;
    }

    private static String digest(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        if (RecordHeaders.bytes(record.headers(), RecordHeaders.IMAGE_SHA256) == null) {
            return "";
        }
        String digest = header(record, RecordHeaders.IMAGE_SHA256);
        if (!SHA256.matcher(digest).matches()) {
            throw malformed("its " + RecordHeaders.IMAGE_SHA256 + " is no SHA-256");
        }
        return digest;
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
