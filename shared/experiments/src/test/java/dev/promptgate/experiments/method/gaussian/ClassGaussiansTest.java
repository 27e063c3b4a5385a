package dev.promptgate.experiments.method.gaussian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ClassGaussiansTest {
    /** Two classes around (1, 0) and (0, 2), a step of 0.1 along x and of 0.2 along y to both sides. */
    private static final LabelledFeatures SHOTS = new LabelledFeatures(
            new DMatrixRMaj(new double[][] {{0.9, 0}, {1.1, 0}, {0, 1.8}, {0, 2.2}}), new int[] {0, 0, 1, 1}, 2);

    /** Σ (x − μ)(x − μ)ᵀ = diag(0.02, 0.08), its trace over N − 1 = 3 is 1/30, and D = 2. */
    @Test
    void precisionIsTheRidgeTypeEstimate() {
        DMatrixRMaj centred = new DMatrixRMaj(new double[][] {{-0.1, 0}, {0.1, 0}, {0, -0.2}, {0, 0.2}});
        double[] expected = {2 / (0.02 + 0.1 / 3), 0, 0, 2 / (0.08 + 0.1 / 3)};
        assertArrayEquals(expected, GaussianDiscriminant.precision(centred).data, 1e-9);
        assertArrayEquals(new double[4], GaussianDiscriminant.precision(new DMatrixRMaj(3, 2)).data);
    }

    @Test
    void knownClassesAreToldApartByTheirGaussians() {
        GaussianDiscriminant known = new ClassGaussians(SHOTS).known();
        double first = 2 / (0.02 + 0.1 / 3);
        double second = 2 / (0.08 + 0.1 / 3);
        assertArrayEquals(new double[] {first, 0, 0, 2 * second}, known.weights().data, 1e-9);
        assertArrayEquals(new double[] {-first / 2, -2 * second}, known.bias(), 1e-9);
        // log-odds of the two Gaussians at x: half the difference of the squared Mahalanobis distances
        DMatrixRMaj x = new DMatrixRMaj(new double[][] {{0.3, 0.4}});
        double toFirst = first * 0.7 * 0.7 + second * 0.4 * 0.4;
        double toSecond = first * 0.3 * 0.3 + second * 1.6 * 1.6;
        DMatrixRMaj logits = known.logits(x);
        assertEquals((toSecond - toFirst) / 2, logits.get(0, 0) - logits.get(0, 1), 1e-9);
    }

    /** All four shots are neighbours of a new class whose text is (0, 1): the mean of these and 16 copies of it. */
    @Test
    void aNewClassIsMadeOfItsNeighboursAndItsText() {
        GaussianDiscriminant fresh = new ClassGaussians(SHOTS).synthesised(new DMatrixRMaj(new double[][] {{0, 1}}));
        DMatrixRMaj around = new DMatrixRMaj(new double[][] {{0.9, -1}, {1.1, -1}, {0, 0.8}, {0, 1.2}});
        DMatrixRMaj precision = GaussianDiscriminant.precision(around);
        double[] mean = {2.0 / 20, (4.0 + 16) / 20};
        double[] weights = {precision.get(0, 0) * mean[0] + precision.get(0, 1) * mean[1],
                precision.get(1, 0) * mean[0] + precision.get(1, 1) * mean[1]};
        assertArrayEquals(weights, fresh.weights().data, 1e-9);
        assertEquals(-(weights[0] * mean[0] + weights[1] * mean[1]) / 2, fresh.bias()[0], 1e-9);
    }
}
