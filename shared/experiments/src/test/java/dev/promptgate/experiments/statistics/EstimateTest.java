package dev.promptgate.experiments.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void theIntervalIsStudentsAndTheTestCommonsMaths() {
        double[] values = {0.61, 0.64, 0.60};
        Estimate estimate = Estimate.of(values);
        assertEquals(0.6166666, estimate.mean(), 1e-6);
        // s = 0.0208167, t(0.975, 2) = 4.302653
        assertEquals(4.302653 * 0.0208167 / Math.sqrt(3), estimate.halfWidth(), 1e-6);
        assertEquals(new TTest().tTest(0, values), Estimate.pValue(values), 1e-9);
    }

    @Test
    void oneSeedHasNoInterval() {
        Estimate estimate = Estimate.of(0.5);
        assertEquals(0.5, estimate.mean());
        assertTrue(Double.isNaN(estimate.halfWidth()));
        assertTrue(Double.isNaN(Estimate.pValue(0.5)));
        assertTrue(Double.isNaN(Estimate.of().mean()));
    }

    @Test
    void differencesThatDoNotVarySayNothing() {
        assertEquals(1, Estimate.pValue(0, 0, 0));
        assertEquals(1, Estimate.pValue(0.1 + 0.2 - 0.3, 0, 0)); // rounding is no difference
        assertTrue(Double.isNaN(Estimate.pValue(0.25, 0.25, 0.25)));
    }

    @Test
    void ninetyFiveIntervalsInAHundredHoldTheTruth() {
        Random random = new Random(1);
        int hold = 0;
        for (int i = 0; i < 4_000; i++) {
            Estimate estimate = Estimate.of(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
            hold += Math.abs(estimate.mean()) <= estimate.halfWidth() ? 1 : 0;
        }
        assertEquals(0.95, hold / 4_000.0, 0.015);
    }

    @Test
    void aDifferenceIsPairedBySeedAndByImage() {
        // Two seeds, four images: the method is right once more than the other under each seed.
        List<boolean[]> method = List.of(new boolean[] {true, true, false, true}, new boolean[] {true, true, true, false});
        List<boolean[]> other = List.of(new boolean[] {true, false, false, true}, new boolean[] {true, true, false, false});
        PairedDifference difference = PairedDifference.ofAnswers(method, other);
        assertEquals(0.25, difference.overSeeds().mean(), 1e-12);
        assertEquals(0, difference.overSeeds().halfWidth(), 1e-12);
        assertEquals(0.25, difference.overImages().mean(), 1e-12); // per image 0, ½, ½, 0
        assertEquals(new TTest().tTest(0, new double[] {0, 0.5, 0.5, 0}), difference.imagesP(), 1e-9);
        PairedDifference reversed = PairedDifference.ofAnswers(other, method);
        assertEquals(-difference.overSeeds().mean(), reversed.overSeeds().mean(), 1e-12);
        assertEquals(difference.imagesP(), reversed.imagesP(), 1e-12);
    }
}
