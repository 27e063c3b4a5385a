package dev.promptgate.learning.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WaveAccuraciesTest {
    private final WaveAccuracies waves = new WaveAccuracies();

    @Test
    void theFiguresAreThoseOfTheirDefinitions() {
        waves.rollOut(Map.of("cat", 0.8, "dog", 0.6)); // wave 1: 0.7
        waves.rollOut(Map.of("cat", 0.9, "dog", 0.4, "bus", 0.5)); // wave 2: 0.5
        waves.rollOut(Map.of("cat", 0.7, "dog", 0.5, "bus", 0.6, "car", 1.0)); // wave 3: 1.0
        WaveAccuracies.Figures figures = waves.figures();
        assertEquals(3, figures.waves());
        assertEquals((0.6 + 0.6 + 1.0) / 3, figures.averageAccuracy(), 1e-12);
        assertEquals((0.2 + 0.1 - 0.1) / 3, figures.meanForgetting(), 1e-12); // cat 0.9 → 0.7, dog 0.6 → 0.5, bus 0.5 → 0.6
        assertEquals(((0.6 - 0.7) + (0.6 - 0.5)) / 2, figures.backwardTransfer(), 1e-12);
        assertEquals(0.2, waves.histories().get("cat").forgetting(), 1e-12);
    }

    @Test
    void aRolloutWithoutNewClassesIsNoWave() {
        waves.rollOut(Map.of("cat", 0.8));
        waves.rollOut(Map.of("cat", 0.6));
        assertEquals(1, waves.figures().waves());
        assertEquals(0.2, waves.figures().meanForgetting(), 1e-12);
        assertTrue(Double.isNaN(waves.figures().backwardTransfer()));
    }

    @Test
    void measuringMovesTheCurrentAccuracyAlone() {
        waves.rollOut(Map.of("cat", 0.8));
        waves.measure(Map.of("cat", 0.5, "dog", 1.0));
        assertEquals(0.5, waves.figures().averageAccuracy(), 1e-12);
        assertTrue(Double.isNaN(waves.figures().meanForgetting()), "there is no earlier rollout to have been better");
        waves.rollOut(Map.of("cat", 0.6));
        assertEquals(0.2, waves.figures().meanForgetting(), 1e-12);
        assertEquals(1, waves.histories().size());
    }

    @Test
    void nothingRolledOutIsNothingKnown() {
        assertEquals(0, waves.figures().waves());
        assertTrue(Double.isNaN(waves.figures().averageAccuracy()));
    }
}
