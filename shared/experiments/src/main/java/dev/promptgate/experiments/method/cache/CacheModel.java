package dev.promptgate.experiments.method.cache;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Keys [shots][dim] and, as values, the class of each (Tip-Adapter, arXiv 2111.03930, section 3.1). */
record CacheModel(LabelledFeatures shots) {
    /** α and β of the residual: the weight of the cache, and how sharply it looks. */
    record Residual(double alpha, double beta) {
        /** Where the authors' search starts, and what they tune keys at (configs/*.yaml). */
        static final Residual INITIAL = new Residual(1.17, 1);
    }

    /** The affinities exp(−β (1 − x · k)) of images [images][dim] with every key, [images][shots]. */
    DMatrixRMaj affinities(DMatrixRMaj images, double beta) {
        DMatrixRMaj affinities = CommonOps_DDRM.multTransB(images, shots.x(), null);
        for (int i = 0; i < affinities.data.length; i++) {
            affinities.data[i] = Math.exp(-beta * (1 - affinities.data[i]));
        }
        return affinities;
    }

    /** The affinities summed by the keys' classes, [images][classes]. */
    DMatrixRMaj logits(DMatrixRMaj affinities) {
        DMatrixRMaj logits = new DMatrixRMaj(affinities.numRows, shots.classes());
        for (int i = 0; i < affinities.numRows; i++) {
            for (int n = 0; n < shots.size(); n++) {
                logits.data[i * logits.numCols + shots.labels()[n]] += affinities.data[i * affinities.numCols + n];
            }
        }
        return logits;
    }
}
