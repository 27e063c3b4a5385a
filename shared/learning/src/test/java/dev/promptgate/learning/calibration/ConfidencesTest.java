package dev.promptgate.learning.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConfidencesTest {
    @Test
    void anImageHasTheSoftmaxOfItsLogits() {
        float ln3 = (float) Math.log(3);
        Confidences confidences = Confidences.of(new float[][] {{ln3, 0}, {ln3, 0}}, new int[] {0, 1}, i -> 1);
        assertArrayEquals(new double[] {0.75, 0.75}, confidences.confidence(), 1e-7);
        assertArrayEquals(new boolean[] {true, false}, confidences.right());
        assertArrayEquals(new double[] {-Math.log(0.75), -Math.log(0.25)}, confidences.negLogLikelihood(), 1e-7);
        assertEquals(0.9, Confidences.highest(new float[] {0, ln3}, 0.5), 1e-7, "half the temperature, twice the logits");
    }

    @Test
    void theCalibrationErrorIsTheGapOfEachBinWeighted() {
        assertEquals(0.4, error(new double[] {0.9, 0.9, 0.9, 0.9}, true, true, false, false), 1e-12);
        assertEquals(0, error(new double[] {1, 1}, true, true), 1e-12);
        // In different bins gaps do not make up for each other, within one they do.
        assertEquals(0.74, error(new double[] {0.5, 0.98}, true, false), 1e-12);
        assertEquals(0.005, error(new double[] {0.49, 0.51, 0.5, 0.48}, true, false, true, false), 1e-12);
        assertEquals(Double.NaN, error(new double[0]));
    }

    private static double error(double[] confidence, boolean... right) {
        return new Confidences(confidence, right, new double[confidence.length]).expectedCalibrationError();
    }
}
