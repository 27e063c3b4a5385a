package dev.promptgate.experiments.method.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {
    /** x = ±1, one image each: weights (a, −a) with a = 2C / (1 + exp(2a)), where a² + 2C log(1 + exp(−2a)) is least. */
    @Test
    void twoPointsHaveTheirClosedForm() {
        LabelledFeatures two = new LabelledFeatures(new DMatrixRMaj(new double[][] {{1}, {-1}}), new int[] {0, 1}, 2);
        for (double c : new double[] {0.1, 1, 100}) {
            SoftmaxRegression fit = SoftmaxRegression.fit(two, c);
            double a = fit.weights().get(0, 0);
            assertEquals(Math.log(2 * c / a - 1) / 2, a, 1e-3, "C = " + c);
            assertEquals(-a, fit.weights().get(1, 0), 1e-6);
            assertEquals(fit.bias()[0], fit.bias()[1], 1e-6);
        }
    }

    @Test
    void theInterceptIsFree() {
        LabelledFeatures nothing = new LabelledFeatures(new DMatrixRMaj(4, 1), new int[] {0, 1, 1, 1}, 2);
        SoftmaxRegression fit = SoftmaxRegression.fit(nothing, 1e-6);
        assertEquals(Math.log(3), fit.bias()[1] - fit.bias()[0], 1e-4);
    }

    @Test
    void theGradientIsThatOfFiniteDifferences() {
        Random random = new Random(1);
        LabelledFeatures shots = new LabelledFeatures(new DMatrixRMaj(6, 3, true, random.doubles(18, -1, 1).toArray()),
                new int[] {0, 1, 2, 3, 1, 1}, 4);
        SoftmaxRegression.Loss loss = new SoftmaxRegression.Loss(shots, 0.7);
        double[] at = random.doubles(16, -1, 1).toArray();
        double[] gradient = new double[16];
        loss.at(null, at, gradient, 16, 0);
        double[] numeric = new double[16];
        for (int i = 0; i < at.length; i++) {
            double here = at[i];
            at[i] = here + 1e-5;
            double above = loss.at(null, at, new double[16], 16, 0);
            at[i] = here - 1e-5;
            numeric[i] = (above - loss.at(null, at, new double[16], 16, 0)) / 2e-5;
            at[i] = here;
        }
        assertArrayEquals(numeric, gradient, 1e-8);
    }

    @Test
    void theSearchGoesWhereMostIsRight() {
        double best = InverseStrengthSearch.best(c -> (int) (1_000 - 100 * Math.abs(Math.log10(c) - 2.37)));
        assertEquals(2.37, Math.log10(best), 0.02);
        assertEquals(5, Math.log10(InverseStrengthSearch.best(c -> 7)), 1e-9); // of equally good ones the left, below the weakest power
    }
}
