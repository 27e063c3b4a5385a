package dev.promptgate.learning.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final double[] NONE = {};

    /** Images of even places are all right, those of odd ones all wrong: each half gets the temperature of the other. */
    @Test
    void noImageCalibratesItself() {
        float[][] logits = new float[100][];
        int[] labels = new int[100];
        for (int i = 0; i < labels.length; i++) {
            logits[i] = new float[] {1, 0};
            labels[i] = i % 2;
        }
        Calibration calibration = Calibration.of(logits, labels, temperature -> NONE, 0.05);
        double even = Math.log1p(Math.exp(-1 / TemperatureScaling.HIGHEST));
        double odd = Math.log1p(Math.exp(-1 / TemperatureScaling.LOWEST)) + 1 / TemperatureScaling.LOWEST;
        assertEquals((even + odd) / 2, calibration.calibrated().nll(), 1e-3);
        assertEquals(TemperatureScaling.HIGHEST, calibration.temperature(), 1e-3, "of all together, right half the time");
    }

    @Test
    void logitsThatAreTooLargeAreCalibrated() {
        SimulatedImages images = SimulatedImages.draw(2_000, 10, 3, 5);
        Calibration calibration = Calibration.of(images.logits(), images.labels(), temperature -> NONE, 0.05);
        assertEquals(3, calibration.temperature(), 0.3);
        assertTrue(calibration.uncalibrated().ece() > 0.1 && calibration.calibrated().ece() < 0.04, calibration.toString());
        assertTrue(calibration.calibrated().nll() < calibration.uncalibrated().nll(), calibration.toString());
        Calibration.Abstention abstention = calibration.abstention();
        assertTrue(abstention.error() < 0.05 && abstention.coverage() > 0.1 && abstention.coverage() < 1, calibration.toString());
    }

    @Test
    void whereNothingKeepsThePromiseNothingIsAnswered() {
        SimulatedImages images = SimulatedImages.draw(200, 10, 1, 0.9, new SplittableRandom(1));
        Calibration.Abstention abstention = Calibration.of(images.logits(), images.labels(), temperature -> NONE, 0.05).abstention();
        assertEquals(new Calibration.Abstention(0.05, Double.NaN, 0, Double.NaN), abstention);
    }

    @Test
    void unseenImagesAreToldApartByTheirConfidence() {
        UnseenDetection detection = UnseenDetection.of(new double[] {0.9, 0.8}, new double[] {0.7, 0.8});
        assertEquals(new UnseenDetection(2, 3.5 / 4, 0.5), detection);
        assertEquals(new UnseenDetection(0, Double.NaN, Double.NaN), UnseenDetection.of(new double[] {0.9}, NONE));
        double[] twenty = new SplittableRandom(1).doubles(20).toArray();
        double[] lower = Arrays.stream(twenty).map(x -> x - 1).toArray();
        assertEquals(new UnseenDetection(20, 1, 0), UnseenDetection.of(twenty, lower));
    }

    @Test
    void theAreaIsThatOfAllPairs() {
        qt().withExamples(200).forAll(integers().between(1, 40), integers().between(1, 40), integers().between(0, 1_000_000))
                .checkAssert((n, m, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] seen = random.ints(n, 0, 20).mapToDouble(x -> x / 20.0).toArray(); // with ties
                    double[] unseen = random.ints(m, 0, 15).mapToDouble(x -> x / 20.0).toArray();
                    double wins = 0;
                    for (double a : seen) {
                        for (double b : unseen) {
                            wins += a > b ? 1 : a == b ? 0.5 : 0;
                        }
                    }
                    assertEquals(wins / (n * m), UnseenDetection.of(seen, unseen).auroc(), 1e-12);
                    assertEquals(1, UnseenDetection.of(seen, unseen).auroc() + UnseenDetection.of(unseen, seen).auroc(), 1e-12);
                });
    }
}
