package dev.promptgate.experiments.statistics;

import java.util.List;

/**
 * How much better one method is than another on the same seeds and the same images. The two intervals answer two questions: would other
 * seeds say the same, on these images; and would other images, with these seeds.
 *
 * @param overSeeds mean difference over seeds, with the t interval of its spread over them
 * @param seedsP p-value of the paired t-test over seeds
 * @param overImages mean difference over images, each averaged over the seeds, with the interval of its spread over images
 * @param imagesP p-value of the paired t-test over images
 */
public record PairedDifference(Estimate overSeeds, double seedsP, Estimate overImages, double imagesP) {
    /**
     * @param figures this method's figure per seed
     * @param others the other's, in the same order of seeds
     */
    public static PairedDifference ofFigures(double[] figures, double[] others) {
        double[] differences = new double[figures.length];
        for (int i = 0; i < figures.length; i++) {
            differences[i] = figures[i] - others[i];
        }
        return new PairedDifference(Estimate.of(differences), Estimate.pValue(differences), Estimate.of(), Double.NaN);
    }

    /**
     * @param correct per seed, whether this method answered each image right
     * @param others the other's, in the same order of seeds and images
     */
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
