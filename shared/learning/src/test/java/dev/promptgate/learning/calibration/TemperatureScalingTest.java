package dev.promptgate.learning.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {
    @Test
    void noOtherTemperatureMakesTheLabelsLikelier() {
        qt().withExamples(100).forAll(integers().between(0, 1_000_000), doubles().between(0.2, 5)).checkAssert((seed, scale) -> {
            SimulatedImages images = SimulatedImages.draw(200, 5, scale, seed);
            double fitted = TemperatureScaling.fit(images.logits(), images.labels());
            double best = loss(images, fitted);
            for (double other : new double[] {fitted * 1.01, fitted / 1.01, 0.125, 1, 8}) {
                boolean isWithinBounds = other >= TemperatureScaling.LOWEST && other <= TemperatureScaling.HIGHEST;
                assertTrue(!isWithinBounds || loss(images, other) >= best - 1e-12, "%s fitted, %s likelier".formatted(fitted, other));
            }
        });
    }

    private static double loss(SimulatedImages images, double temperature) {
        return Confidences.of(images.logits(), images.labels(), i -> temperature).meanNegLogLikelihood();
    }

    /** Logits that are so many times too large are divided by as much. */
    @Test
    void theTemperatureUndoesAScale() {
        SimulatedImages images = SimulatedImages.draw(2_000, 10, 1, 7);
        double one = TemperatureScaling.fit(images.logits(), images.labels());
        assertEquals(1, one, 0.1, "labels were drawn by these logits");
        SimulatedImages larger = SimulatedImages.draw(2_000, 10, 3, 7);
        assertEquals(3 * one, TemperatureScaling.fit(larger.logits(), larger.labels()), 1e-3);
    }

    @Test
    void whereThereIsNoBestOneABoundIsTaken() {
        float[][] logits = {{2, 0, 1}, {0, 3, 1}, {1, 0, 2}};
        assertEquals(TemperatureScaling.LOWEST, TemperatureScaling.fit(logits, new int[] {0, 1, 2}), 1e-5, "all are right");
        assertEquals(TemperatureScaling.HIGHEST, TemperatureScaling.fit(logits, new int[] {1, 0, 1}), 1e-3, "all are as wrong as can be");
        assertEquals(1, TemperatureScaling.fit(new float[][] {{3}, {5}}, new int[] {0, 0}), "one class says nothing");
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        float[][] logits = {{8_000, -8_000}, {8_000, -8_000}, {-8_000, 8_000}};
        assertEquals(TemperatureScaling.HIGHEST, TemperatureScaling.fit(logits, new int[] {0, 1, 1}), 1e-3);
        Confidences confidences = Confidences.of(logits, new int[] {0, 1, 1}, i -> 1 / 8.0);
        assertTrue(Arrays.stream(confidences.negLogLikelihood()).allMatch(Double::isFinite));
        assertEquals(128_000 / 3.0, confidences.meanNegLogLikelihood(), 1e-6);
    }
}
