package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.NonFiniteLossException;
import org.junit.jupiter.api.Test;

class SharpnessTest {
    private static final float[] MINIMUM = {0.3f, -0.2f, 0.5f, 0.1f};
    private static final Quadratic BOWL = Quadratic.diagonal(MINIMUM, 1, 2, 8, 5);
    private static final Sharpness.Settings SETTINGS = new Sharpness.Settings(0.1, 3, 30, 400, 7);

    @Test
    void atAMinimumTheWorstRiseIsThatAlongTheLargestEigenvector() {
        Sharpness sharpness = Sharpness.at(MINIMUM, BOWL, BOWL.lossOnly(), SETTINGS);
        assertEquals(0, sharpness.loss());
        assertEquals(0.5 * 0.01 * 8, sharpness.worst(), 1e-4 * 0.04);
        assertEquals(0, sharpness.firstOrder(), "there is no gradient to follow");
    }

    @Test
    void atAMinimumTheAverageRiseIsThatOfTheTrace() {
        Sharpness sharpness = Sharpness.at(MINIMUM, BOWL, BOWL.lossOnly(), SETTINGS);
        assertEquals(0.5 * 0.01 * 16 / 4, sharpness.average(), 4 * sharpness.averageError());
        assertTrue(sharpness.averageError() > 1e-4 && sharpness.averageError() < 1e-3, "standard error " + sharpness.averageError());
    }

    @Test
    void theFirstOrderRiseHasItsClosedFormOnASlope() {
        float[] slope = {0.3f, -0.2f, 0.5f, 1.1f}; // g = (0, 0, 0, 5)
        Sharpness sharpness = Sharpness.at(slope, BOWL, BOWL.lossOnly(), SETTINGS);
        assertEquals(0.1 * 5 + 0.5 * 0.01 * 5, sharpness.firstOrder(), 1e-6);
        assertTrue(sharpness.worst() >= sharpness.firstOrder());
    }

    @Test
    void onAHilltopNothingIsWorse() {
        Quadratic hill = Quadratic.diagonal(MINIMUM, -1, -2, -8, -5);
        Sharpness sharpness = Sharpness.at(MINIMUM, hill, hill.lossOnly(), SETTINGS);
        assertEquals(0, sharpness.worst());
        assertEquals(-0.02, sharpness.average(), 4 * sharpness.averageError());
    }

    @Test
    void aBarrierInsideTheBallIsFound() {
        // A bump of height 1 at distance 0.05: the ball's edge, at 0.1, is low again.
        Sharpness sharpness = Sharpness.at(new float[] {0}, x -> bump(x[0]), x -> bump(x[0]).loss(), SETTINGS);
        assertEquals(1 - Math.exp(-12.5), sharpness.worst(), 0.01);
        assertTrue(sharpness.firstOrder() < 0.01);
    }

    private static LossGradient bump(double x) {
        double height = Math.exp(-0.5 * Math.pow((x - 0.05) / 0.01, 2));
        return new LossGradient(height, new float[] {(float) (-height * (x - 0.05) / 1e-4)});
    }

    @Test
    void theSeedDecides() {
        Sharpness once = Sharpness.at(MINIMUM, BOWL, BOWL.lossOnly(), SETTINGS);
        assertEquals(once, Sharpness.at(MINIMUM, BOWL, BOWL.lossOnly(), SETTINGS));
        assertNotEquals(once.average(), Sharpness.at(MINIMUM, BOWL, BOWL.lossOnly(), new Sharpness.Settings(0.1, 3, 30, 400, 8)).average());
    }

    @Test
    void aLossThatIsNotFiniteIsNamed() {
        LossFunction cliff = x -> x[0] > 0.3f ? Double.POSITIVE_INFINITY : 0;
        String message = assertThrows(NonFiniteLossException.class, () -> Sharpness.at(MINIMUM, BOWL, cliff, SETTINGS)).getMessage();
        assertTrue(message.contains("in a random direction"), message);
    }

    @Test
    void settingsNameEveryViolation() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Sharpness.Settings(0, 0, 1, 0, 1)).getMessage();
        assertTrue(message.contains("rho") && message.contains("starts") && message.contains("direction"), message);
    }
}
