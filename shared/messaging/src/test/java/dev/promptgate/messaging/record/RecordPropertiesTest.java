package dev.promptgate.messaging.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Properties of the records' codecs and of the split's hash. */
class RecordPropertiesTest {
    /** Latin, Greek, Cyrillic: at most 200 bytes of UTF-8. */
    private static final Gen<String> LABELS = strings().betweenCodePoints(0xA1, 0x4FF).ofLengthBetween(1, 100);
    private static final Gen<String> IDS = strings().betweenCodePoints(0xA1, 0x4FF).ofLengthBetween(1, 200);

    @Test
    void aFeatureComesBackAsItWent() {
        qt().forAll(IDS, LABELS, integers().between(1, 600), longs().all()).checkAssert((id, label, dim, number) -> {
            ImageFeature feature = new ImageFeature(id, label, Split.values()[Math.floorMod(number, 3)], "sha256:" + number,
                    unit(dim, number), number,
                    new SourcePosition(Math.floorMod(number, 1000), Math.abs(number / 2)));
            try {
                ImageFeature back = ImageFeature.decode(consumed(feature.encode("t")));
                assertTrue(Arrays.equals(feature.feature(), back.feature()));
                assertEquals(feature, new ImageFeature(back.imageId(), back.label(), back.split(), back.modelFingerprint(),
                        feature.feature(), back.timestamp(), back.source()));
            } catch (InvalidRecordException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void anImageComesBackAsItWentAndWithoutASplitTheHashDecides() {
        qt().forAll(IDS, LABELS, integers().between(0, 3)).checkAssert((id, label, split) -> {
            LabelledImage image = new LabelledImage(id, label, split == 3 ? null : Split.values()[split], new byte[] {1, 2}, 0);
            try {
                LabelledImage back = LabelledImage.decode(consumed(image.encode("t")));
                assertEquals(id, back.imageId());
                assertEquals(label, back.label());
                assertEquals(split == 3 ? Split.ofImageId(id) : Split.values()[split], back.split());
            } catch (InvalidRecordException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void theSplitOfAnIdIsAlwaysTheSameAndNeverProbe() {
        qt().forAll(IDS)
                .check(id -> Split.ofImageId(id) == Split.ofImageId(new String(id.toCharArray())) && Split.ofImageId(id) != Split.PROBE);
    }

    /** Producers in other languages compute it, too: CRC-32 of the UTF-8 bytes, divisible by 5. */
    @Test
    void theSplitOfKnownIdsNeverChanges() {
        assertEquals(Split.TRAIN, Split.ofImageId("img1"));
        assertEquals(Split.HELD_OUT, Split.ofImageId("img11"));
        assertEquals(Split.TRAIN, Split.ofImageId("photos/äpfel/1.jpg"));
    }

    @Test
    void oneInFiveIsHeldOut() {
        SplittableRandom random = new SplittableRandom(3);
        int heldOut = 0;
        for (int i = 0; i < 100_000; i++) {
            heldOut += Split.ofImageId("photo-" + Long.toHexString(random.nextLong())) == Split.HELD_OUT ? 1 : 0;
        }
        assertTrue(Math.abs(heldOut - 20_000) < 640, "held out: " + heldOut); // five standard deviations
    }

    private static float[] unit(int dim, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] vector = new float[dim];
        double squares = 0;
        for (int i = 0; i < dim; i++) {
            vector[i] = (float) random.nextDouble(-1, 1) + 1e-3f;
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dim; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent) {
        RecordHeaders headers = new RecordHeaders();
        sent.headers().forEach(headers::add);
        return new ConsumerRecord<>("t", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), headers, Optional.empty());
    }
}
