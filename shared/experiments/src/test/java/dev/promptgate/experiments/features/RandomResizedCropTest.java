package dev.promptgate.experiments.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.promptgate.clip.image.Crop;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomResizedCropTest {
    @Test
    void everyCropLiesWithinItsImage() {
        qt().forAll(longs().all(), integers().between(1, 3000), integers().between(1, 3000)).checkAssert((seed, width, height) -> {
            Crop crop = new RandomResizedCrop(seed).crop(width, height);
            assertTrue(crop.left() >= 0 && crop.top() >= 0 && crop.width() > 0 && crop.height() > 0, crop.toString());
            assertTrue(crop.left() + crop.width() <= width && crop.top() + crop.height() <= height, crop.toString());
        });
    }

    @Test
    void areaAndRatioAreThoseOfCoOp() {
        qt().forAll(longs().all(), integers().between(300, 800)).checkAssert((seed, side) -> {
            Crop crop = new RandomResizedCrop(seed).crop(side, side);
            double area = (double) crop.width() * crop.height() / ((double) side * side);
            double ratio = (double) crop.width() / crop.height();
            assertTrue(area > 0.078 && area <= 1, crop.toString()); // sides are rounded
            assertTrue(ratio > 0.74 && ratio < 1.35, crop.toString());
        });
    }

    @Test
    void theSeedDecides() {
        qt().forAll(longs().all(), longs().all()).assuming((a, b) -> !a.equals(b)).checkAssert((a, b) -> {
            assertEquals(new RandomResizedCrop(a).crop(900, 700), new RandomResizedCrop(a).crop(900, 700));
            assertNotEquals(new RandomResizedCrop(a).crop(9_000, 7_000), new RandomResizedCrop(b).crop(9_000, 7_000));
        });
    }

    @Test
    void halfAreMirroredAndAreasAreSpreadEvenly() {
        Crop[] crops = IntStream.range(0, 4000).mapToObj(i -> new View("00", i).crop().crop(1000, 1000)).toArray(Crop[]::new);
        long mirrored = IntStream.range(0, crops.length).filter(i -> crops[i].mirrored()).count();
        assertEquals(2000, mirrored, 130); // four standard deviations
        double[] areas = IntStream.range(0, crops.length).mapToDouble(i -> crops[i].width() * crops[i].height() / 1e6).toArray();
        // Uniform in [0.08, 1], but for large areas of extreme ratio that do not fit a square and are drawn again.
        assertEquals(0.25, share(areas, 0.08, 0.31), 0.05);
        assertEquals(0.25, share(areas, 0.31, 0.54), 0.05);
        double left = IntStream.range(0, crops.length).mapToDouble(i -> crops[i].left() + crops[i].width() / 2.0).average().orElseThrow();
        assertEquals(500, left, 15);
    }

    @ParameterizedTest
    @CsvSource({"10, 1000, 0, 493, 10, 13", "1000, 10, 493, 0, 13, 10", "1, 1, 0, 0, 1, 1"})
    void anImageTooElongatedForAnyDrawIsCroppedInItsCentre(int width, int height, int left, int top, int cropWidth, int cropHeight) {
        for (long seed = 0; seed < 20; seed++) {
            Crop crop = new RandomResizedCrop(seed).crop(width, height);
            assertEquals(new Crop(left, top, cropWidth, cropHeight, crop.mirrored()), crop);
        }
    }

    private static double share(double[] values, double from, double to) {
        return IntStream.range(0, values.length).filter(i -> values[i] >= from && values[i] < to).count() / (double) values.length;
    }
}
