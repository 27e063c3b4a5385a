package dev.promptgate.experiments.method.gaussian;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The logits of Gaussian classes with means μ and one covariance Σ, all equally likely: w · x + b with w = Σ⁻¹ μ and b = −μᵀ Σ⁻¹ μ / 2
 * (arXiv 2402.04087). The prior, the same for every class, is left out. Weights are [classes][dim].
 */
record GaussianDiscriminant(DMatrixRMaj weights, double[] bias) {
    /** @param means [classes][dim] */
    static GaussianDiscriminant of(DMatrixRMaj means, DMatrixRMaj precision) {
        DMatrixRMaj weights = CommonOps_DDRM.mult(means, precision, null);
        double[] bias = new double[means.numRows];
        for (int c = 0; c < bias.length; c++) {
            for (int d = 0; d < means.numCols; d++) {
                bias[c] -= means.unsafe_get(c, d) * weights.unsafe_get(c, d) / 2;
            }
        }
        return new GaussianDiscriminant(weights, bias);
    }

    /**
     * Σ⁻¹ = D ((N − 1) Σ̂ + tr(Σ̂) I)⁻¹, the ridge-type estimate of Kubokawa and Srivastava (2008) for fewer images than dimensions, with
     * Σ̂ the covariance of {@code centred} [N][D]. Without any variance, as of one image a class, nothing can be told from it: then it is
     * 0, as the authors' pseudo-inverse has it.
     */
    static DMatrixRMaj precision(DMatrixRMaj centred) {
        int dim = centred.numCols;
        DMatrixRMaj scatter = CommonOps_DDRM.multTransA(centred, centred, null);
        double trace = CommonOps_DDRM.trace(scatter) / Math.max(1, centred.numRows - 1);
        DMatrixRMaj precision = new DMatrixRMaj(dim, dim);
        if (trace == 0) {
            return precision;
        }
        for (int d = 0; d < dim; d++) {
            scatter.add(d, d, trace);
        }
        if (!CommonOps_DDRM.invertSPD(scatter, precision)) {
            throw new ArithmeticException("The covariance of the features is not positive definite [images: %d, dim: %d, trace: %s]"
                    .formatted(centred.numRows, dim, trace));
        }
        CommonOps_DDRM.scale(dim, precision);
        return precision;
    }

    /** [images][classes]. */
    DMatrixRMaj logits(DMatrixRMaj images) {
        DMatrixRMaj logits = CommonOps_DDRM.multTransB(images, weights, null);
        for (int i = 0; i < logits.data.length; i++) {
            logits.data[i] += bias[i % bias.length];
        }
        return logits;
    }
}
