package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedBootstrapTest {
    @ParameterizedTest(name = "{0} images, {1} won, {2} lost, alpha {3}")
    @CsvSource({"200, 12, 5, 0.05", "600, 40, 52, 0.04", "600, 0, 0, 0.05", "50, 20, 1, 0.01", "3000, 10, 100, 0.05"})
    void equalsTheBootstrapByResampling(int images, int won, int lost, double alpha) {
        int resamples = 40_000;
        double[] sums = new double[resamples];
        SplittableRandom random = new SplittableRandom(5);
        int n = images + 2;
        double pWon = (won + 0.5) / n;
        double pLost = (lost + 0.5) / n;
        for (int r = 0; r < resamples; r++) {
            for (int i = 0; i < n; i++) {
                double u = random.nextDouble();
                sums[r] += u < pWon ? 1 : u < pWon + pLost ? -1 : 0;
            }
        }
        Arrays.sort(sums);
        double resampled = sums[(int) (alpha * resamples)] / n;
        double bound = PairedBootstrap.lowerBound(
                new PairedOutcomes((images - won - lost) / 2, won, lost, images - won - lost - (images - won - lost) / 2), alpha);
        assertEquals(resampled, bound, 1.01 / n, "at most one image apart");
    }

    @Test
    void equalAnswersStillLeaveUncertainty() {
        double bound = PairedBootstrap.lowerBound(new PairedOutcomes(50, 0, 0, 50), 0.05);
        assertTrue(bound < 0 && bound > -0.03, "bound " + bound);
    }

    @Test
    void withoutImagesNothingIsRuledOut() {
        assertEquals(-1, PairedBootstrap.lowerBound(new PairedOutcomes(0, 0, 0, 0), 0.05));
    }
}
