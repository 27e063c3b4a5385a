package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LandscapeGridTest {
    private static final float[] SOLUTION = {3, 0, -4, 0};

    @Test
    void onARoundBowlTheLossIsThatOfTheOffsets() {
        // ½‖x − c‖² is ½(u² + v²) only if the two directions are orthonormal.
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, bowl(SOLUTION), new LandscapeGrid.Settings(5, 2, false, 1));
        assertArrayEquals(new double[] {-2, -1, 0, 1, 2}, grid.x());
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                assertEquals(0.5 * (Math.pow(grid.x()[column], 2) + Math.pow(grid.y()[row], 2)), grid.loss()[row][column], 1e-5);
            }
        }
    }

    @Test
    void aRelativeRadiusIsInMultiplesOfTheNorm() {
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, bowl(SOLUTION), new LandscapeGrid.Settings(3, 0.5, true, 1));
        assertEquals(0.5, grid.x()[2]);
        assertEquals(0.5 * 2.5 * 2.5, grid.loss()[1][2], 1e-5, "half of the norm 5 away");
    }

    @Test
    void rowsFollowTheSecondDirection() {
        // The loss of a slope grows by the same amount from row to row, and by another from column to column.
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, x -> x[0] + 2 * x[1], new LandscapeGrid.Settings(3, 1, false, 5));
        double[][] loss = grid.loss();
        assertEquals(loss[1][0] - loss[0][0], loss[2][2] - loss[1][2], 1e-5);
        assertNotEquals(loss[1][0] - loss[0][0], loss[0][1] - loss[0][0], 1e-3);
        assertEquals(3, loss[1][1], "the solution is in the centre");
    }

    @Test
    void theSeedDecides() {
        LossFunction slope = x -> x[0];
        double[][] once = LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, false, 5)).loss();
        assertArrayEquals(once, LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, false, 5)).loss());
        assertNotEquals(once[0][0], LandscapeGrid.around(SOLUTION, slope, new LandscapeGrid.Settings(3, 1, false, 6)).loss()[0][0]);
    }

    @Test
    void thePlaneThroughThreeSolutionsHoldsThemAtTheirMarks() {
        float[] right = {3, 2, -4, 0};
        float[] other = {3, -1, -4, 3};
        for (float[] centre : new float[][] {SOLUTION, right, other}) {
            LandscapeGrid grid = LandscapeGrid.through(SOLUTION, right, other, bowl(centre), 7);
            LandscapeGrid.Mark mark = grid.marks().get(centre == SOLUTION ? 0 : centre == right ? 1 : 2);
            assertTrue(grid.x()[0] < mark.x() && mark.x() < grid.x()[6] && grid.y()[0] < mark.y() && mark.y() < grid.y()[6]);
            assertEquals(0.5 * (Math.pow(grid.x()[1] - mark.x(), 2) + Math.pow(grid.y()[5] - mark.y(), 2)), grid.loss()[5][1], 1e-5);
        }
    }

    @Test
    void theRiseIsCountedFromALevel() {
        LandscapeGrid grid = LandscapeGrid.around(SOLUTION, x -> 3 + x[0], new LandscapeGrid.Settings(3, 1, false, 1));
        assertEquals(0, grid.above(6).loss()[1][1], 1e-6);
        assertEquals(grid.loss()[2][0] - 6, grid.above(6).loss()[2][0], 1e-12);
    }

    @Test
    void solutionsOnALineSpanNoPlane() {
        assertThrows(IllegalArgumentException.class,
                () -> LandscapeGrid.through(SOLUTION, new float[] {4, 0, -4, 0}, new float[] {6, 0, -4, 0}, bowl(SOLUTION), 5));
        assertThrows(IllegalArgumentException.class,
                () -> LandscapeGrid.through(SOLUTION, SOLUTION, new float[] {6, 0, -4, 1}, bowl(SOLUTION), 5));
    }

    @Test
    void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LandscapeGrid.Settings(4, 1, false, 1));
        assertThrows(IllegalArgumentException.class, () -> new LandscapeGrid.Settings(5, 0, false, 1));
        assertThrows(IllegalArgumentException.class,
                () -> LandscapeGrid.around(new float[] {1}, bowl(new float[1]), new LandscapeGrid.Settings(5, 1, false, 1)),
                "one parameter has no plane");
    }

    private static LossFunction bowl(float[] centre) {
        return Quadratic.diagonal(centre, 1, 1, 1, 1).lossOnly();
    }
}
