package dev.promptgate.experiments.method.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.experiments.method.cache.CacheModel.Residual;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.experiments.method.head.ZeroShotLogits;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

/** The arithmetic of Tip-Adapter; with the model: FeatureMethodsIT. */
class TipAdapterTest {
    private final Random random = new Random(5);

    /** Unit vectors, of each class in turn. */
    private LabelledFeatures features(int images, int classes) {
        DMatrixRMaj x = new DMatrixRMaj(images, 4);
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            double[] row = random.doubles(4, -1, 1).toArray();
            double norm = Math.sqrt(row[0] * row[0] + row[1] * row[1] + row[2] * row[2] + row[3] * row[3]);
            for (int d = 0; d < 4; d++) {
                x.set(i, d, row[d] / norm);
            }
            labels[i] = i % classes;
        }
        return new LabelledFeatures(x, labels, classes);
    }

    @Test
    void theCacheAddsAffinitiesByClass() {
        DMatrixRMaj keys = new DMatrixRMaj(new double[][] {{1, 0}, {0, 1}, {0.6, 0.8}});
        CacheModel cache = new CacheModel(new LabelledFeatures(keys, new int[] {0, 1, 0}, 2));
        DMatrixRMaj logits = cache.logits(cache.affinities(new DMatrixRMaj(new double[][] {{1, 0}}), 2));
        assertArrayEquals(new double[] {1 + Math.exp(-0.8), Math.exp(-2)}, logits.data, 1e-12);
    }

    @Test
    void theSearchFindsTheFirstOfTheBestPointsOfTheGrid() {
        CacheModel cache = new CacheModel(features(30, 3));
        LabelledFeatures held = features(40, 3);
        DMatrixRMaj zeroShot = new DMatrixRMaj(40, 3, true, random.doubles(120, -2, 2).toArray());
        Residual expected = Residual.INITIAL;
        int most = 0;
        for (int b = 0; b < 200; b++) {
            for (int a = 0; a < 20; a++) {
                Residual point = new Residual(0.1 + a * 2.9 / 20, 0.1 + b * 6.9 / 200);
                DMatrixRMaj logits = zeroShot.copy();
                CommonOps_DDRM.addEquals(logits, point.alpha(), cache.logits(cache.affinities(held.x(), point.beta())));
                if (held.correct(logits) > most) {
                    most = held.correct(logits);
                    expected = point;
                }
            }
        }
        Residual found = ResidualSearch.best(List.of(new ResidualSearch.Trial(cache, held, zeroShot)));
        assertEquals(expected.alpha(), found.alpha(), 1e-12);
        assertEquals(expected.beta(), found.beta(), 1e-12);
        assertEquals(Residual.INITIAL, ResidualSearch.best(List.of()));
    }

    @Test
    void theGradientOfTheKeysIsThatOfFiniteDifferences() {
        CacheModel cache = new CacheModel(features(6, 3));
        LabelledFeatures batch = features(5, 3);
        KeyTuning tuning = new KeyTuning(TipAdapter.SCHEDULE, new ZeroShotLogits(null, null, 3), features(3, 3).x());
        DMatrixRMaj gradient = new DMatrixRMaj(6, 4);
        tuning.gradient(cache, batch, gradient);
        double[] keys = cache.shots().x().data;
        double[] numeric = new double[keys.length];
        for (int i = 0; i < keys.length; i++) {
            double here = keys[i];
            keys[i] = here + 1e-5;
            double above = tuning.gradient(cache, batch, new DMatrixRMaj(6, 4));
            keys[i] = here - 1e-5;
            numeric[i] = (above - tuning.gradient(cache, batch, new DMatrixRMaj(6, 4))) / 2e-5;
            keys[i] = here;
        }
        assertArrayEquals(numeric, gradient.data, 1e-8);
    }

    /** At first m/(1 − β1) = g and v/(1 − β2) = g²; after equal gradients it is the same. */
    @Test
    void adamGoesByTheRateAlongEqualGradients() {
        double[] parameters = {2, -1};
        AdamW adam = new AdamW(parameters);
        for (int step = 0; step < 3; step++) {
            double[] before = parameters.clone();
            adam.step(new double[] {0.5, -4}, 0.1);
            assertEquals(before[0] * (1 - 0.1 * 0.01) - 0.1 * 0.5 / (0.5 + 1e-4), parameters[0], 1e-12);
            assertEquals(before[1] * (1 - 0.1 * 0.01) + 0.1 * 4 / (4 + 1e-4), parameters[1], 1e-12);
        }
    }
}
