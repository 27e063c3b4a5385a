package dev.promptgate.learning.suspect;

import dev.promptgate.clip.text.SamePrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An image whose label looks wrong, by confident learning (Northcutt, Jiang and Chuang, arXiv 1911.00068, sections 3.1 and 3.2). The
 * threshold of class j is the mean self-confidence of the images labelled j: t<sub>j</sub> = mean p(j|x). An image is taken for the most
 * probable of the classes with p(k|x) ≥ t<sub>k</sub>, and is suspect if that is not its label: an off-diagonal entry of the confident
 * joint. Since each class is held to its own threshold, one that the prompt hardly knows, or always exaggerates, does not make suspects of
 * all its images.
 *
 * <p>As the authors' code does (cleanlab), an image is left alone whose label is the most probable class. Other than there, only the
 * {@value Prediction#MOST} most probable classes are looked at: a further one has a probability below 1 in {@value Prediction#MOST}. A
 * class without images has no threshold and is never suggested, nor is another spelling of the label ({@link SamePrompt}).
 *
 * @param image its place among those that were looked at
 * @param suggested index of the class that it is taken for
 * @param selfConfidence p(label|x)
 * @param probability p(suggested|x)
 */
public record Suspect(int image, int suggested, double selfConfidence, double probability) {
    /** p(label|x) − p(suggested|x), by which the paper's pruning by noise rate ranks: the lower, the more suspect. */
    public double margin() {
        return selfConfidence - probability;
    }

    /** The suspects among images, the most suspect first; of equal ones the first. The indices of labels are into the class names. */
    public static List<Suspect> among(List<Prediction> images, List<String> classes) {
        double[] thresholds = thresholds(images, classes.size());
        List<Suspect> suspects = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Prediction prediction = images.get(i);
            int taken = takenFor(prediction, thresholds);
            if (taken >= 0) {
                int suggested = prediction.classes()[taken];
                if (!SamePrompt.key(classes.get(suggested)).equals(SamePrompt.key(classes.get(prediction.label())))) {
                    suspects.add(new Suspect(i, suggested, prediction.selfConfidence(), prediction.probabilities()[taken]));
                }
            }
        }
        suspects.sort(Comparator.comparingDouble(Suspect::margin)); // stable
        return suspects;
    }

    /** Mean self-confidence of each class; infinite for one without images. */
    private static double[] thresholds(List<Prediction> images, int classes) {
        double[] sums = new double[classes];
        int[] counts = new int[classes];
        for (Prediction prediction : images) {
            sums[prediction.label()] += prediction.selfConfidence();
            counts[prediction.label()]++;
        }
        Arrays.setAll(sums, c -> counts[c] == 0 ? Double.POSITIVE_INFINITY : sums[c] / counts[c]);
        return sums;
    }

    /** The place, among the most probable classes, of the one that the image is taken for; −1 if there is none, or it is no suspect. */
    private static int takenFor(Prediction prediction, double[] thresholds) {
        if (prediction.selfConfidence() >= prediction.probabilities()[0]) {
            return -1;
        }
        for (int i = 0; i < prediction.classes().length; i++) {
            int k = prediction.classes()[i];
            if (prediction.probabilities()[i] >= thresholds[k]) {
                return k == prediction.label() ? -1 : i;
            }
        }
        return -1;
    }
}
