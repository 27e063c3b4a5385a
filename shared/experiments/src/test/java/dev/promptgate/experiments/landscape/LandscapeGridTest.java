package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LandscapeGridTest {
    private static final float[] SOLUTION = {3, 0, -4, 0};

    @Test
    void onARoundBowlTheLossIsThatOfTheOffsets() {
        // ½‖x − c‖² is ½(u² + v²) only if the two directions are orthonormal.
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, bowl(SOLUTION), new LandscapeGrid.Settings(5, 2, 1));
        assertArrayEquals(new double[] {-2, -1, 0, 1, 2}, grid.offsets());
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                assertEquals(0.5 * (Math.pow(grid.offsets()[column], 2) + Math.pow(grid.offsets()[row], 2)), grid.loss()[row][column],
                        1e-5);
            }
        }
    }

    @Test
    void rowsFollowTheSecondDirection() {
        // The loss of a slope grows by the same amount from row to row, and by another from column to column.
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, x -> x[0] + 2 * x[1], new LandscapeGrid.Settings(3, 1, 5));
        double[][] loss = grid.loss();
        assertEquals(loss[1][0] - loss[0][0], loss[2][2] - loss[1][2], 1e-5);
        assertNotEquals(loss[1][0] - loss[0][0], loss[0][1] - loss[0][0], 1e-3);
        assertEquals(3, loss[1][1], "the solution is in the centre");
    }

    @Test
    void theSeedDecides() {
        LossFunction slope = x -> x[0];
        double[][] once = LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, 5)).loss();
        assertArrayEquals(once, LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, 5)).loss());
        assertNotEquals(once[0][0], LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, 6)).loss()[0][0]);
    }

    @Test
    void theRiseIsCountedFromALevel() {
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, x -> 3 + x[0], new LandscapeGrid.Settings(3, 1, 1));
        assertEquals(0, grid.above(6).loss()[1][1], 1e-6);
        assertEquals(grid.loss()[2][0] - 6, grid.above(6).loss()[2][0], 1e-12);
    }

    @Test
    void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LandscapeGrid.Settings(4, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new LandscapeGrid.Settings(5, 0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> LandscapeGrid.around(new float[] {1}, bowl(new float[1]), new LandscapeGrid.Settings(5, 1, 1)),
                "one parameter has no plane");
    }

    private static LossFunction bowl(float[] centre) {
        return Quadratic.diagonal(centre, 1, 1, 1, 1).lossOnly();
    }
}
