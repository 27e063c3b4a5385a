package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.NonFiniteLossException;
import org.junit.jupiter.api.Test;

class HessianEigenvalueTest {
    private static final float[] MINIMUM = {0.3f, -0.2f, 0.5f, 0.1f};
    private static final HessianEigenvalue.Settings SETTINGS = HessianEigenvalue.Settings.defaults(3);

    @Test
    void aBowlsLargestEigenvalueIsFound() {
        HessianEigenvalue found = HessianEigenvalue.greatest(MINIMUM, Quadratic.diagonal(MINIMUM, 1, 2, 8, 5), SETTINGS);
        assertEquals(8, found.value(), 8e-3);
        assertTrue(found.converged() && found.residual() <= 0.02);
    }

    @Test
    void eigenvectorsNeedNotBeTheAxes() {
        // [[2, 1], [1, 2]]: 3 and 1.
        Quadratic bowl = new Quadratic(new double[][] {{2, 1}, {1, 2}}, new float[] {1, 1});
        assertEquals(3, HessianEigenvalue.greatest(new float[] {4, -2}, bowl, SETTINGS).value(), 3e-3);
    }

    @Test
    void atASaddleTheSignTellsWhichWayTheStrongestCurvatureGoes() {
        Quadratic saddle = Quadratic.diagonal(MINIMUM, 1, -6, 4, 0);
        HessianEigenvalue dominant = HessianEigenvalue.largestByMagnitude(MINIMUM, saddle, SETTINGS);
        HessianEigenvalue greatest = HessianEigenvalue.greatest(MINIMUM, saddle, SETTINGS);
        assertEquals(-6, dominant.value(), 6e-3);
        assertEquals(4, greatest.value(), 4e-3);
        assertTrue(greatest.converged() && greatest.iterations() > dominant.iterations());
    }

    @Test
    void opposedEigenvaluesOfOneSizeAreNotTakenForConverged() {
        Quadratic saddle = Quadratic.diagonal(new float[2], 3, -3);
        assertFalse(HessianEigenvalue.largestByMagnitude(new float[2], saddle, SETTINGS).converged());
    }

    @Test
    void tooFewIterationsAreReported() {
        HessianEigenvalue found = HessianEigenvalue.greatest(MINIMUM, Quadratic.diagonal(MINIMUM, 7, 7.5, 8, 5),
                new HessianEigenvalue.Settings(1e-3, 2, 1));
        assertFalse(found.converged());
        assertEquals(2, found.iterations());
    }

    @Test
    void aPlaneHasNoCurvature() {
        HessianEigenvalue found = HessianEigenvalue.greatest(MINIMUM, x -> new LossGradient(x[0], new float[] {1, 0, 0, 0}), SETTINGS);
        assertEquals(0, found.value());
        assertTrue(found.converged());
    }

    @Test
    void theStepFollowsTheParametersNorm() {
        float[] large = {300, -200, 500, 100};
        Quadratic bowl = Quadratic.diagonal(large, 1, 2, 8, 5);
        assertEquals(8, HessianEigenvalue.greatest(large, bowl, SETTINGS).value(), 8e-3);
        assertEquals(1000,
                HessianEigenvalue.greatest(large, bowl, SETTINGS).step() / HessianEigenvalue.greatest(MINIMUM, bowl, SETTINGS).step(),
                1e-2);
    }

    @Test
    void aGradientThatIsNotFiniteIsNamed() {
        assertThrows(NonFiniteLossException.class,
                () -> HessianEigenvalue.greatest(MINIMUM, x -> new LossGradient(1, new float[] {Float.NaN, 0, 0, 0}), SETTINGS));
    }

    @Test
    void settingsWithoutIterationsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HessianEigenvalue.Settings(0.1, 0, 1));
    }
}
