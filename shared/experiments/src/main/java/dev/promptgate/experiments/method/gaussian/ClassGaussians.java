package dev.promptgate.experiments.method.gaussian;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Gaussians of classes from their shots, and of new classes from the shots of others (arXiv 2402.04087). */
record ClassGaussians(LabelledFeatures shots) {
    /** The authors' (main_base2new.py): shots that stand in for a new class, and copies of its text feature among them in the mean. */
    private static final int NEIGHBOURS = 64;
    private static final int COPIES = 16;

    GaussianDiscriminant known() {
        int dim = shots.x().numCols;
        DMatrixRMaj means = new DMatrixRMaj(shots.classes(), dim);
        int[] counts = new int[shots.classes()];
        for (int label : shots.labels()) {
            counts[label]++;
        }
        for (int i = 0; i < shots.size(); i++) {
            int label = shots.labels()[i];
            for (int d = 0; d < dim; d++) {
                means.add(label, d, shots.x().unsafe_get(i, d) / counts[label]);
            }
        }
        DMatrixRMaj centred = shots.x().copy();
        for (int i = 0; i < shots.size(); i++) {
            subtract(centred, i, means, shots.labels()[i]);
        }
        return GaussianDiscriminant.of(means, GaussianDiscriminant.precision(centred));
    }

    /**
     * Of new classes by their text features [classes][dim]: the mean of the nearest shots and 16 times the text feature; the inverse
     * covariance of the nearest shots around the text feature, averaged over the new classes.
     */
    GaussianDiscriminant synthesised(DMatrixRMaj text) {
        int dim = text.numCols;
        DMatrixRMaj cosines = CommonOps_DDRM.multTransB(text, shots.x(), null);
        DMatrixRMaj means = new DMatrixRMaj(text.numRows, dim);
        DMatrixRMaj precision = new DMatrixRMaj(dim, dim);
        for (int c = 0; c < text.numRows; c++) {
            int row = c;
            int[] nearest = IntStream.range(0, shots.size()).boxed()
                    .sorted(Comparator.comparingDouble(n -> -cosines.unsafe_get(row, n))).limit(NEIGHBOURS).mapToInt(n -> n).toArray();
            DMatrixRMaj centred = new DMatrixRMaj(nearest.length, dim);
            for (int n = 0; n < nearest.length; n++) {
                for (int d = 0; d < dim; d++) {
                    centred.unsafe_set(n, d, shots.x().unsafe_get(nearest[n], d));
                    means.add(c, d, shots.x().unsafe_get(nearest[n], d) / (nearest.length + COPIES));
                }
                subtract(centred, n, text, c);
            }
            for (int d = 0; d < dim; d++) {
                means.add(c, d, COPIES * text.unsafe_get(c, d) / (nearest.length + COPIES));
            }
            CommonOps_DDRM.addEquals(precision, 1.0 / text.numRows, GaussianDiscriminant.precision(centred));
        }
        return GaussianDiscriminant.of(means, precision);
    }

    private static void subtract(DMatrixRMaj rows, int row, DMatrixRMaj means, int mean) {
        for (int d = 0; d < rows.numCols; d++) {
            rows.add(row, d, -means.unsafe_get(mean, d));
        }
    }
}
