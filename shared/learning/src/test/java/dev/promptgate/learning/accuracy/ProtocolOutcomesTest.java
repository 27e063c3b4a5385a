package dev.promptgate.learning.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProtocolOutcomesTest {
    private static final float[][] TEXT = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    @Test
    void eachProtocolHasItsOwnLabelSpace() {
        // Two seen classes, one unseen. The first image is nearest to the unseen class, but right among the seen ones.
        float[][] images = {{0.6f, 0.1f, 0.7f}, {0, 1, 0}, {0.1f, 0.2f, 0.9f}};
        Accuracies a = ProtocolOutcomes.of(images, new int[] {0, 1, 2}, TEXT, 2).accuracies();
        assertEquals(1, a.seen());
        assertEquals(1, a.unseen());
        assertEquals(2 / 3.0, a.joint(), 1e-9);
    }

    @Test
    void withoutImagesTheAccuracyIsUnknown() {
        Accuracies a = ProtocolOutcomes.of(new float[][] {{1, 0, 0}}, new int[] {0}, TEXT, 2).accuracies();
        assertTrue(Double.isNaN(a.unseen()));
        assertTrue(Double.isNaN(a.harmonicMean()));
    }

    @Test
    void harmonicMeanOfNothingRightIsZero() {
        assertEquals(0, new Accuracies(0, 0, 0).harmonicMean());
        assertEquals(0.48, new Accuracies(0.4, 0.6, 0).harmonicMean(), 1e-9);
    }
}
