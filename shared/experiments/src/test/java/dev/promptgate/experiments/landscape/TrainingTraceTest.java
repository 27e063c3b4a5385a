package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingTraceTest {
    /** Losses 1 … 9; SAM first, then mostly the bisector. */
    private static final TrainingTrace TRACE = new TrainingTrace(IntStream.rangeClosed(1, 9)
            .mapToObj(i -> new StepReport(i, i % 2 == 0 ? i : Double.NaN, Double.NaN,
                    i <= 4 ? Branch.SAM : i == 9 ? Branch.ERM : Branch.BISECTOR))
            .toList());

    @Test
    void aWindowOfOneKeepsEveryStep() {
        TrainingTrace.Curve curve = TRACE.curve(StepReport::loss, 1, 100);
        assertArrayEquals(IntStream.rangeClosed(1, 9).asDoubleStream().toArray(), curve.step());
        assertArrayEquals(curve.step(), curve.value());
    }

    @Test
    void thinningOutKeepsBothEnds() {
        assertArrayEquals(new double[] {1, 5, 9}, TRACE.curve(StepReport::loss, 1, 3).step());
    }

    @Test
    void theMovingAverageLooksBack() {
        assertArrayEquals(new double[] {1, 1.5, 2, 3, 4, 5, 6, 7, 8}, TRACE.curve(StepReport::loss, 3, 9).value(), 1e-12);
    }

    @Test
    void stepsWithoutAFigureAreLeftOut() {
        assertArrayEquals(new double[] {2, 4, 6, 8}, TRACE.curve(StepReport::perturbedLoss, 1, 9).step());
        assertArrayEquals(new double[] {2, 2, 4, 4, 6, 6, 8, 8}, TRACE.curve(StepReport::perturbedLoss, 2, 9).value());
        assertEquals(0, TRACE.curve(StepReport::cosine, 3, 9).step().length);
    }

    @Test
    void branchSharesAreOfAllStepsAndOfThirds() {
        Map<Branch, Double> all = TrainingTrace.branchShares(TRACE.steps());
        assertEquals(4 / 9.0, all.get(Branch.SAM), 1e-12);
        assertEquals(1, all.values().stream().mapToDouble(Double::doubleValue).sum(), 1e-12);
        List<Map<Branch, Double>> thirds = IntStream.range(0, 3)
                .mapToObj(third -> TrainingTrace.branchShares(TrainingTrace.third(TRACE.steps(), third))).toList();
        assertEquals(List.of(1.0, 1 / 3.0, 0.0), thirds.stream().map(shares -> shares.get(Branch.SAM)).toList());
        assertEquals(1 / 3.0, thirds.get(2).get(Branch.ERM), 1e-12);
    }

    @Test
    void aTrainingWithoutStepsHasEmptyCurves() {
        TrainingTrace none = new TrainingTrace(List.of());
        assertEquals(0, none.curve(StepReport::loss, 5, 10).step().length);
        assertTrue(TrainingTrace.branchShares(none.steps()).get(Branch.SAM).isNaN());
    }

    @Test
    void aCurveNeedsAWindowAndPoints() {
        assertThrows(IllegalArgumentException.class, () -> TRACE.curve(StepReport::loss, 0, 10));
        assertThrows(IllegalArgumentException.class, () -> TRACE.curve(StepReport::loss, 1, 1));
    }
}
