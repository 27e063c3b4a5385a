package dev.promptgate.experiments.method.probe;

import com.github.lbfgs4j.liblbfgs.Lbfgs;
import com.github.lbfgs4j.liblbfgs.LbfgsConstant.LBFGS_Param;
import com.github.lbfgs4j.liblbfgs.MutableDouble;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.learning.loss.NonFiniteLossException;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Multinomial logistic regression: logits W x + b, with W [classes][dim]. */
record SoftmaxRegression(DMatrixRMaj weights, double[] bias) {
    /** As CLIP's paper has it. */
    private static final int ITERATIONS = 1_000;
    /** Corrections that L-BFGS keeps, as scikit-learn's. */
    private static final int CORRECTIONS = 10;

    /**
     * Minimises ‖W‖² / 2 + C · Σ cross-entropy by L-BFGS from zero, as scikit-learn's LogisticRegression does: the intercept is free.
     *
     * @throws NonFiniteLossException if the minimum is not finite
     */
    static SoftmaxRegression fit(LabelledFeatures shots, double c) {
        int size = shots.classes() * shots.x().numCols;
        double[] at = new double[size + shots.classes()];
        LBFGS_Param param = Lbfgs.defaultParams();
        param.m = CORRECTIONS;
        param.max_iterations = ITERATIONS;
        MutableDouble minimum = new MutableDouble();
        // Out of iterations, or at the end of what rounding lets a line search find, the best point so far is the answer.
        Lbfgs.lbfgs(at.length, at, minimum, new Loss(shots, c)::at, null, null, param);
        if (!Double.isFinite(Arrays.stream(at).sum())) {
            throw new NonFiniteLossException("The logistic regression is not finite [C: %s]".formatted(c));
        }
        return new SoftmaxRegression(DMatrixRMaj.wrap(shots.classes(), shots.x().numCols, Arrays.copyOf(at, size)),
                Arrays.copyOfRange(at, size, at.length));
    }

    /** [images][classes]. */
    DMatrixRMaj logits(DMatrixRMaj images) {
        DMatrixRMaj logits = CommonOps_DDRM.multTransB(images, weights, null);
        addBias(logits, bias, 0);
        return logits;
    }

    private static void addBias(DMatrixRMaj logits, double[] bias, int from) {
        for (int i = 0; i < logits.numRows; i++) {
            for (int c = 0; c < logits.numCols; c++) {
                logits.data[i * logits.numCols + c] += bias[from + c];
            }
        }
    }

    /** The objective over C · n, which has the same minimum: the mean cross-entropy plus ‖W‖² / (2 C n). Parameters {@code [W | b]}. */
    record Loss(LabelledFeatures shots, double c) {
        double at(Object instance, double[] at, double[] gradient, int size, double step) {
            int classes = shots.classes();
            int weights = size - classes;
            DMatrixRMaj logits = CommonOps_DDRM.multTransB(shots.x(), DMatrixRMaj.wrap(classes, shots.x().numCols, at), null);
            addBias(logits, at, weights);
            Arrays.fill(gradient, 0);
            double loss = shots.crossEntropy(logits);
            for (int i = 0; i < logits.data.length; i++) {
                gradient[weights + i % classes] += logits.data[i];
            }
            CommonOps_DDRM.multTransA(logits, shots.x(), DMatrixRMaj.wrap(classes, shots.x().numCols, gradient));
            double decay = 1 / (c * shots.size());
            for (int i = 0; i < weights; i++) {
                loss += decay / 2 * at[i] * at[i];
                gradient[i] += decay * at[i];
            }
            return loss;
        }
    }
}
