package dev.promptgate.experiments.method.ridge;

import dev.promptgate.experiments.method.head.LabelledFeatures;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Ridge regression of one-hot labels in the dual, with the Gaussian kernel k(x, z) = exp(−γ ‖x − z‖²): (K + λ I) a = Y over all images so
 * far. What is kept of K + λ I is its Cholesky factor L, which new images extend by rows below the old ones, so that no wave is solved
 * again: what comes out is the solution for all images at once. Immutable.
 *
 * @param factor L, lower triangular [images][images]
 * @param dual a, [images][classes]
 */
record KernelRidge(LabelledFeatures images, DMatrixRMaj factor, DMatrixRMaj dual) {
    /** Of the authors' code (dual_RAIL.py, configs/analytic_clip.yaml). */
    static final double LAMBDA = 0.001;
    static final double GAMMA = 0.1;

    /** Without any image, to be extended. */
    static KernelRidge empty(int dim) {
        return new KernelRidge(new LabelledFeatures(new DMatrixRMaj(0, dim), new int[0], 0), new DMatrixRMaj(0, 0), new DMatrixRMaj(0, 0));
    }

    /** With more images, whose labels are indices among all classes, old ones first. */
    KernelRidge extended(LabelledFeatures more) {
        int old = images.size();
        int all = old + more.size();
        LabelledFeatures together = new LabelledFeatures(CommonOps_DDRM.concatRowsMulti(images.x(), more.x()),
                concat(images.labels(), more.labels()), Math.max(images.classes(), more.classes()));
        DMatrixRMaj across = kernel(images.x(), more.x()); // becomes L⁻¹ times itself, [old][new]
        TriangularSolver_DDRM.solveL(factor.data, across.data, old, more.size());
        DMatrixRMaj corner = kernel(more.x(), more.x());
        CommonOps_DDRM.addEquals(corner, -1, CommonOps_DDRM.multTransA(across, across, null));
        for (int i = 0; i < more.size(); i++) {
            corner.add(i, i, LAMBDA);
        }
        DMatrixRMaj extended = new DMatrixRMaj(all, all);
        CommonOps_DDRM.insert(factor, extended, 0, 0);
        CommonOps_DDRM.insert(CommonOps_DDRM.transpose(across, null), extended, old, 0);
        CommonOps_DDRM.insert(lower(corner), extended, old, old);
        return new KernelRidge(together, extended, solve(extended, together));
    }

    private static int[] concat(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static DMatrixRMaj lower(DMatrixRMaj matrix) {
        var cholesky = DecompositionFactory_DDRM.chol(matrix.numRows, true);
        if (!cholesky.decompose(matrix)) {
            throw new ArithmeticException("The kernel of the images is not positive definite [images: %d]".formatted(matrix.numRows));
        }
        return cholesky.getT(null);
    }

    /** Solves L Lᵀ a = Y. */
    private static DMatrixRMaj solve(DMatrixRMaj factor, LabelledFeatures images) {
        DMatrixRMaj solution = new DMatrixRMaj(images.size(), images.classes());
        for (int i = 0; i < images.size(); i++) {
            solution.unsafe_set(i, images.labels()[i], 1);
        }
        TriangularSolver_DDRM.solveL(factor.data, solution.data, images.size(), images.classes());
        double[] column = new double[images.size()];
        for (int c = 0; c < images.classes(); c++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = solution.unsafe_get(i, c);
            }
            TriangularSolver_DDRM.solveTranL(factor.data, column, column.length);
            for (int i = 0; i < column.length; i++) {
                solution.unsafe_set(i, c, column[i]);
            }
        }
        return solution;
    }

    /** What is predicted of one-hot labels, [images][classes]. */
    DMatrixRMaj predict(DMatrixRMaj x) {
        return CommonOps_DDRM.mult(kernel(x, images.x()), dual, null);
    }

    /** [a's rows][b's rows]; both L2-normalised, so that ‖x − z‖² = 2 − 2 x · z. */
    static DMatrixRMaj kernel(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj kernel = CommonOps_DDRM.multTransB(a, b, null);
        for (int i = 0; i < kernel.data.length; i++) {
            kernel.data[i] = Math.exp(-GAMMA * (2 - 2 * kernel.data[i]));
        }
        return kernel;
    }
}
