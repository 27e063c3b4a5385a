package dev.promptgate.experiments.statistics;

import java.util.List;
import org.apache.commons.math3.util.MathArrays;

/**
 * How much better one method is than another on the same seeds and the same images. The two intervals, each with the p-value of a paired
 * t-test, answer two questions: would other seeds say the same, on these images; and would other images, each averaged over these seeds.
 */
public record PairedDifference(Estimate overSeeds, double seedsP, Estimate overImages, double imagesP) {
    /** Of the figures of both methods per seed, in one order. */
    public static PairedDifference ofFigures(double[] figures, double[] others) {
        double[] differences = MathArrays.ebeSubtract(figures, others);
        return new PairedDifference(Estimate.of(differences), Estimate.pValue(differences), Estimate.of(), Double.NaN);
    }

    /** Of whether each method answered each image right, per seed; seeds and images in one order. */
    public static PairedDifference ofAnswers(List<boolean[]> correct, List<boolean[]> others) {
        int images = correct.get(0).length;
        double[] bySeed = new double[correct.size()];
        double[] byImage = new double[images];
        for (int s = 0; s < correct.size(); s++) {
            for (int i = 0; i < images; i++) {
                int difference = (correct.get(s)[i] ? 1 : 0) - (others.get(s)[i] ? 1 : 0);
                bySeed[s] += (double) difference / images;
                byImage[i] += (double) difference / correct.size();
            }
        }
        return new PairedDifference(Estimate.of(bySeed), Estimate.pValue(bySeed), Estimate.of(byImage), Estimate.pValue(byImage));
    }
}
