package dev.promptgate.experiments.method.head;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** Logits [images][classes] into probabilities, in place. */
public final class Softmax {
    private Softmax() {}

    public static void rows(DMatrixRMaj logits) {
        for (int i = 0; i < logits.numRows; i++) {
            row(logits, i);
        }
    }

    /** Of one row; returns the logarithm of the sum of its exponentials. */
    static double row(DMatrixRMaj logits, int row) {
        int from = row * logits.numCols;
        int to = from + logits.numCols;
        double max = Arrays.stream(logits.data, from, to).max().orElseThrow();
        double sum = 0;
        for (int c = from; c < to; c++) {
            logits.data[c] = Math.exp(logits.data[c] - max);
            sum += logits.data[c];
        }
        for (int c = from; c < to; c++) {
            logits.data[c] /= sum;
        }
        return max + Math.log(sum);
    }
}
