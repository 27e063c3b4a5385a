package dev.promptgate.experiments.method.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class KernelRidgeTest {
    private static final int DIM = 5;

    /** Unit vectors with labels below the number of classes. */
    private static LabelledFeatures images(Random random, int images, int classes) {
        DMatrixRMaj x = new DMatrixRMaj(images, DIM, true, random.doubles((long) images * DIM, -1, 1).toArray());
        for (int i = 0; i < images; i++) {
            double squares = 0;
            for (int d = 0; d < DIM; d++) {
                squares += x.get(i, d) * x.get(i, d);
            }
            CommonOps_DDRM.scaleRow(1 / Math.sqrt(squares), x, i);
        }
        return new LabelledFeatures(x, random.ints(images, 0, classes).toArray(), classes);
    }

    /** Solved by LU, without any of what is tested. */
    private static DMatrixRMaj joint(DMatrixRMaj x, int[] labels, int classes) {
        DMatrixRMaj kernel = new DMatrixRMaj(x.numRows, x.numRows);
        DMatrixRMaj targets = new DMatrixRMaj(x.numRows, classes);
        for (int i = 0; i < x.numRows; i++) {
            targets.set(i, labels[i], 1);
            for (int j = 0; j < x.numRows; j++) {
                double squared = 0;
                for (int d = 0; d < DIM; d++) {
                    squared += Math.pow(x.get(i, d) - x.get(j, d), 2);
                }
                kernel.set(i, j, Math.exp(-0.1 * squared) + (i == j ? 0.001 : 0));
            }
        }
        DMatrixRMaj dual = new DMatrixRMaj(x.numRows, classes);
        assertTrue(CommonOps_DDRM.solve(kernel, targets, dual));
        return dual;
    }

    @Test
    void wavesGiveTheSolutionOfAllImagesAtOnce() {
        Random random = new Random(2);
        KernelRidge ridge = KernelRidge.empty(DIM);
        int[] classes = {2, 3, 7, 7};
        for (int wave = 0; wave < classes.length; wave++) {
            ridge = ridge.extended(images(random, 6 + 5 * wave, classes[wave]));
            DMatrixRMaj expected = joint(ridge.images().x(), ridge.images().labels(), classes[wave]);
            double scale = CommonOps_DDRM.elementMaxAbs(expected);
            assertArrayEquals(expected.data, ridge.dual().data, 1e-8 * scale, "wave " + wave);
        }
        assertEquals(6 + 11 + 16 + 21, ridge.images().size());
    }

    @Test
    void itReproducesItsImages() {
        LabelledFeatures shots = images(new Random(3), 12, 4);
        DMatrixRMaj predicted = KernelRidge.empty(DIM).extended(shots).predict(shots.x());
        assertEquals(12, shots.correct(predicted));
        for (int i = 0; i < 12; i++) {
            assertEquals(1, Arrays.stream(predicted.data, 4 * i, 4 * i + 4).sum(), 0.1); // of one-hot labels
        }
    }
}
