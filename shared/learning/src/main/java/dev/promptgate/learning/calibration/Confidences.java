package dev.promptgate.learning.calibration;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.function.IntToDoubleFunction;

/**
 * What a prompt says of labelled images, by softmax(logits / T).
 *
 * @param confidence the highest probability of each
 * @param right whether its class is the label
 * @param negLogLikelihood −ln p(label), natural
 */
public record Confidences(double[] confidence, boolean[] right, double[] negLogLikelihood) {
    /** Equal-width bins of the confidence, as many as in Guo et al. 2017. */
    static final int BINS = 15;

    /** Of images by their logits [n][classes] and class indices [n], each at a temperature of its own. */
    public static Confidences of(float[][] logits, int[] labels, IntToDoubleFunction temperature) {
        int n = labels.length;
        Confidences confidences = new Confidences(new double[n], new boolean[n], new double[n]);
        for (int i = 0; i < n; i++) {
            double t = temperature.applyAsDouble(i);
            int answer = answer(logits[i]);
            double sum = relativeSum(logits[i], answer, t);
            confidences.confidence[i] = 1 / sum;
            confidences.right[i] = answer == labels[i];
            confidences.negLogLikelihood[i] = Math.log(sum) - (logits[i][labels[i]] - logits[i][answer]) / t;
        }
        return confidences;
    }

    /** The highest probability by softmax(logits / T). */
    public static double highest(float[] logits, double temperature) {
        return 1 / relativeSum(logits, answer(logits), temperature);
    }

    static int answer(float[] logits) {
        return Math.max(0, ClassScorer.best(logits, 0, logits.length));
    }

    /** Σ exp(s / T) as a multiple of its greatest term. */
    private static double relativeSum(float[] logits, int answer, double temperature) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((logit - logits[answer]) / temperature);
        }
        return sum;
    }

    /**
     * Expected calibration error (Naeini et al. 2015; Guo et al. 2017, equation 3): in each of {@value #BINS} bins of the confidence how
     * far its mean is from the accuracy, weighted by the bin's images. A fraction; NaN without images.
     */
    public double expectedCalibrationError() {
        double[] excess = new double[BINS]; // of the confidence over the accuracy, summed over a bin's images
        for (int i = 0; i < confidence.length; i++) {
            int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence[i] * BINS) - 1));
            excess[bin] += confidence[i] - (right[i] ? 1 : 0);
        }
        double sum = 0;
        for (double each : excess) {
            sum += Math.abs(each);
        }
        return sum / confidence.length;
    }

    /** Mean of −ln p(label); NaN without images. */
    public double meanNegLogLikelihood() {
        double sum = 0;
        for (double each : negLogLikelihood) {
            sum += each;
        }
        return sum / negLogLikelihood.length;
    }
}
