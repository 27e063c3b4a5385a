package dev.promptgate.learning.calibration;

import java.util.Arrays;

/**
 * How well images of unseen classes are told from those of seen ones by the confidence among the seen classes (maximum softmax probability;
 * Hendrycks and Gimpel 2017, arXiv 1610.02136). NaN without images of either.
 *
 * @param images of unseen classes
 * @param auroc area under the ROC curve: the probability that an image of a seen class has the higher confidence, a tie counting half
 * @param fpr95 share of the unseen classes' images that still pass where 95% of the seen classes' images do
 */
public record UnseenDetection(int images, double auroc, double fpr95) {
    private static final double PASSING = 0.95;

    /** By the confidence of each image. */
    public static UnseenDetection of(double[] seen, double[] unseen) {
        if (seen.length == 0 || unseen.length == 0) {
            return new UnseenDetection(unseen.length, Double.NaN, Double.NaN);
        }
        double[] insider = seen.clone();
        double[] outsider = unseen.clone();
        Arrays.sort(insider);
        Arrays.sort(outsider);
        double wins = 0;
        int below = 0;
        int upTo = 0;
        for (double confidence : insider) {
            while (below < outsider.length && outsider[below] < confidence) {
                below++;
            }
            while (upTo < outsider.length && outsider[upTo] <= confidence) {
                upTo++;
            }
            wins += (below + upTo) / 2.0;
        }
        double threshold = insider[insider.length - (int) Math.ceil(PASSING * insider.length)];
        long passing = Arrays.stream(outsider).filter(confidence -> confidence >= threshold).count();
        return new UnseenDetection(unseen.length, wins / ((double) insider.length * outsider.length), (double) passing / outsider.length);
    }
}
