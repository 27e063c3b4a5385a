package dev.promptgate.messaging.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LabelledImageTest {
    private static final byte[] BYTES = {1, 2, 3};

    @Test
    void comesBackAsItWent() throws InvalidRecordException {
        LabelledImage image = new LabelledImage("id", "crème brûlée", Split.PROBE, BYTES, 42);
        LabelledImage back = LabelledImage.decode(consumed(image.encode("topic"), 42));
        assertEquals("id", back.imageId());
        assertEquals("crème brûlée", back.label());
        assertEquals(Split.PROBE, back.split());
        assertEquals(42, back.timestamp());
        assertArrayEquals(BYTES, back.bytes());
    }

    @Test
    void anImageThatIsKeptElsewhereComesBackAsItWentAndKeepsItsReferenceUnderAnotherLabel() throws InvalidRecordException {
        ImageReference reference = new ImageReference(URI.create("s3://photos/red%20apple/1.jpg"), OptionalLong.of(7), Optional.empty());
        ConsumerRecord<byte[], byte[]> record = consumed(new LabelledImage("id", "Red Apple", Split.TRAIN, reference, 42).encode("topic"),
                42);
        assertEquals("s3://photos/red%20apple/1.jpg", new String(record.value(), StandardCharsets.UTF_8));
        LabelledImage back = LabelledImage.decode(record);
        assertEquals(Optional.of(reference), back.reference());
        LabelledImage folded = back.withLabel("red apple");
        assertEquals("red apple", folded.label());
        assertEquals(List.of("id", Split.TRAIN, 42L, Optional.of(reference)),
                List.of(folded.imageId(), folded.split(), folded.timestamp(), folded.reference()));
    }

    @Test
    void withoutAKeyTheIdIsTheHashOfTheBytes() throws InvalidRecordException {
        ConsumerRecord<byte[], byte[]> record = record(null, BYTES);
        record.headers().add("label", "cat".getBytes(StandardCharsets.UTF_8));
        assertEquals("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", LabelledImage.decode(record).imageId());
    }

    @Test
    void splitByHashNeverChanges() {
        assertEquals(Split.HELD_OUT, Split.ofImageId("img-3"));
        assertEquals(Split.TRAIN, Split.ofImageId("img-1"));
        long heldOut = IntStream.range(0, 100_000).filter(i -> Split.ofImageId("img-" + i) == Split.HELD_OUT).count();
        assertEquals(20_000, heldOut, 600);
    }

    @Test
    void everyBrokenRuleHasItsCode() {
        assertCode(RejectionCode.EMPTY_VALUE, "cat", null, new byte[0]);
        assertCode(RejectionCode.EMPTY_VALUE, "cat", null, null);
        assertCode(RejectionCode.MISSING_LABEL, null, null, BYTES);
        assertCode(RejectionCode.BLANK_LABEL, " \u2003 ", null, BYTES);
        assertCode(RejectionCode.LABEL_TOO_LONG, "x".repeat(10_000), null, BYTES);
        assertCode(RejectionCode.LABEL_CONTROL_CHARACTER, "cat\u0007", null, BYTES);
        assertCode(RejectionCode.LABEL_SPECIAL_TOKEN, "a <|endoftext|> b", null, BYTES);
        assertCode(RejectionCode.UNKNOWN_SPLIT, "cat", "test", BYTES);
    }

    @Test
    void labelsThatAreNotUtf8AreRefused() {
        ConsumerRecord<byte[], byte[]> record = record(BYTES, BYTES);
        record.headers().add("label", new byte[] {(byte) 0xC3, (byte) 0x28});
        assertEquals(RejectionCode.MALFORMED_LABEL, assertThrows(InvalidRecordException.class, () -> LabelledImage.decode(record)).code());
    }

    @Test
    void featureComesBackAsItWent() throws InvalidRecordException {
        ImageFeature feature = new ImageFeature("id", "cat", Split.TRAIN, "sha256:x", new float[] {0.6f, -0.8f}, 7,
                new SourcePosition(3, 44));
        ImageFeature back = ImageFeature.decode(consumed(feature.encode("topic"), 7));
        assertArrayEquals(feature.feature(), back.feature());
        assertEquals("sha256:x", back.modelFingerprint());
        assertEquals(7, back.timestamp());
        assertEquals(new SourcePosition(3, 44), back.source());
        assertEquals(List.of("", ""), List.of(back.file().sha256(), back.file().fingerprint()));
    }

    @Test
    void featureOfKnownBytesSaysWhichAndDamagedDigestsAreRefused() throws InvalidRecordException {
        String digest = ImageIds.sha256(BYTES);
        ImageFeature feature = new ImageFeature("id", "cat", Split.TRAIN, "m", new float[] {0.6f, -0.8f}, 7, new SourcePosition(3, 44),
                new ImageFeature.ImageFile(digest, Optional.empty(), "sha256:y"));
        assertEquals(feature.file(), ImageFeature.decode(consumed(feature.encode("topic"), 7)).file());
        for (String bad : List.of("", "abc", digest.toUpperCase(Locale.ROOT), digest + "0")) {
            ConsumerRecord<byte[], byte[]> record = consumed(feature.encode("topic"), 7);
            record.headers().add("image-sha256", bad.getBytes(StandardCharsets.UTF_8));
            assertEquals(RejectionCode.MALFORMED_FEATURE,
                    assertThrows(InvalidRecordException.class, () -> ImageFeature.decode(record)).code());
        }
    }

    @Test
    void relabelledFeatureKeepsEverythingElse() throws InvalidRecordException {
        ConsumerRecord<byte[], byte[]> record = consumed(new ImageFeature("id", "Cat", Split.PROBE, "m", new float[] {0.6f, -0.8f}, 7,
                new SourcePosition(3, 44), new ImageFeature.ImageFile(ImageIds.sha256(BYTES), Optional.empty(), "sha256:y"))
                .encode("topic"), 7);
        record.headers().add("of-tomorrow", BYTES);
        ProducerRecord<byte[], byte[]> other = ImageFeature.relabelled(record, "cat");
        assertEquals("t", other.topic());
        assertEquals("cat", text(other, "label"));
        assertArrayEquals(BYTES, other.headers().lastHeader("of-tomorrow").value());
        ImageFeature before = ImageFeature.decode(record);
        ImageFeature after = ImageFeature.decode(consumed(other, 9));
        assertEquals("Cat", before.label());
        assertArrayEquals(before.feature(), after.feature());
        assertEquals(List.of(before.imageId(), before.split(), before.timestamp(), before.source(), before.file()),
                List.of(after.imageId(), after.split(), after.timestamp(), after.source(), after.file()));
    }

    @Test
    void featuresThatAreNoUnitVectorsAreRefused() {
        for (float[] bad : new float[][] {{Float.NaN, 0}, {3, 4}, {}, {Float.POSITIVE_INFINITY, 1}}) {
            ConsumerRecord<byte[], byte[]> record = consumed(
                    new ImageFeature("id", "cat", Split.TRAIN, "m", bad, 7, new SourcePosition(0, 0)).encode("topic"), 7);
            assertEquals(RejectionCode.MALFORMED_FEATURE,
                    assertThrows(InvalidRecordException.class, () -> ImageFeature.decode(record)).code());
        }
    }

    @Test
    void rejectionCarriesTheRecordAsItCame() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {9}, BYTES);
        record.headers().add("label", new byte[] {7});
        ProducerRecord<byte[], byte[]> rejected = new Rejection(record, RejectionCode.TRUNCATED, "why").encode("rejected", 1000);
        assertArrayEquals(BYTES, rejected.value());
        assertArrayEquals(new byte[] {9}, rejected.key());
        assertArrayEquals(new byte[] {7}, rejected.headers().lastHeader("label").value());
        assertEquals("truncated why t 2 33",
                String.join(" ", text(rejected, "error-code"), text(rejected, "error-message"), text(rejected, "source-topic"),
                        text(rejected, "source-partition"), text(rejected, "source-offset")));
    }

    @Test
    void aValueThatTheTopicWouldNotTakeIsLeftOutOfARejection() {
        ProducerRecord<byte[], byte[]> rejected = new Rejection(record(new byte[] {9}, new byte[50]), RejectionCode.TOO_MANY_BYTES, "why")
                .encode("rejected", 49);
        assertNull(rejected.value());
        assertEquals("50", text(rejected, "omitted-bytes"));
    }

    @Test
    void aKeyWithoutAValueErases() throws InvalidRecordException {
        ConsumerRecord<byte[], byte[]> record = consumed(ImageErasure.of("id", "t"), 7);
        assertTrue(ImageErasure.isIn(record));
        ImageErasure erasure = ImageErasure.decode(record);
        assertEquals(new ImageErasure("id", new SourcePosition(2, 33)), erasure);
        ConsumerRecord<byte[], byte[]> feature = consumed(erasure.encode("features"), 7);
        assertNull(feature.value());
        assertArrayEquals(record.key(), feature.key());
        assertEquals(Optional.of(new SourcePosition(2, 33)), ImageErasure.sourceOf(feature));
    }

    @Test
    void whatErasesNothing() {
        assertFalse(ImageErasure.isIn(record(null, null)));
        assertFalse(ImageErasure.isIn(record(new byte[0], null)));
        assertFalse(ImageErasure.isIn(record(BYTES, new byte[0])));
        assertFalse(ImageErasure.isIn(record(BYTES, BYTES)));
        assertEquals(RejectionCode.ID_TOO_LONG,
                assertThrows(InvalidRecordException.class, () -> ImageErasure.decode(record(new byte[513], null))).code());
        assertEquals(RejectionCode.RESERVED_ID, assertThrows(InvalidRecordException.class,
                () -> ImageErasure.decode(record("promptgate-class/cat".getBytes(StandardCharsets.UTF_8), null))).code());
        ConsumerRecord<byte[], byte[]> written = record(BYTES, null);
        assertEquals(Optional.empty(), ImageErasure.sourceOf(written)); // by somebody's own hand
        written.headers().add("source-partition", "x".getBytes(StandardCharsets.UTF_8)).add("source-offset", BYTES);
        assertEquals(Optional.empty(), ImageErasure.sourceOf(written));
    }

    private static String text(ProducerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    private static void assertCode(RejectionCode code, String label, String split, byte[] value) {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {1}, value);
        if (label != null) {
            record.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
        }
        if (split != null) {
            record.headers().add("split", split.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(code, assertThrows(InvalidRecordException.class, () -> LabelledImage.decode(record)).code());
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("t", 2, 33, key, value);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent, long timestamp) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 2, 33, timestamp, TimestampType.CREATE_TIME, 0, 0,
                sent.key(), sent.value(), new RecordHeaders(), Optional.empty());
        for (Header header : sent.headers()) {
            record.headers().add(header);
        }
        return record;
    }
}
