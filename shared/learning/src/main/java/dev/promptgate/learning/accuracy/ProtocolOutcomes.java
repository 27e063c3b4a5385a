package dev.promptgate.learning.accuracy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which images one prompt gets right, in each protocol.
 *
 * @param seen per image of a seen class, among the seen classes
 * @param unseen per image of an unseen class, among the unseen classes
 * @param joint per image, the seen ones first, among all classes
 */
public record ProtocolOutcomes(boolean[] seen, boolean[] unseen, boolean[] joint) {
    /**
     * @param images [n][dim], L2-normalised
     * @param labels class index of each image
     * @param text [classes][dim]: the seen classes first
     * @param seenClasses how many classes are seen
     */
    public static ProtocolOutcomes of(float[][] images, int[] labels, float[][] text, int seenClasses) {
        int[] seenRows = IntStream.range(0, images.length).filter(i -> labels[i] < seenClasses).toArray();
        int[] unseenRows = IntStream.range(0, images.length).filter(i -> labels[i] >= seenClasses).toArray();
        boolean[] joint = new boolean[images.length];
        Scores scores = new Scores(text);
        boolean[] seen = right(images, labels, seenRows, scores, 0, seenClasses, joint, 0);
        boolean[] unseen = right(images, labels, unseenRows, scores, seenClasses, text.length, joint, seenRows.length);
        return new ProtocolOutcomes(seen, unseen, joint);
    }

    /** Right among the classes from … to − 1; writes right among all classes into {@code joint} on the way. */
    private static boolean[] right(float[][] images, int[] labels, int[] rows, Scores scores, int from, int to, boolean[] joint, int jointFrom) {
        boolean[] right = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int label = labels[rows[i]];
            scores.of(images[rows[i]]);
            right[i] = scores.best(from, to) == label;
            joint[jointFrom + i] = scores.best(0, scores.classes()) == label;
        }
        return right;
    }

    /** The fractions. */
    public Accuracies accuracies() {
        return new Accuracies(fraction(seen), fraction(unseen), fraction(joint));
    }

    private static double fraction(boolean[] right) {
        long count = IntStream.range(0, right.length).filter(i -> right[i]).count();
        return right.length == 0 ? Double.NaN : (double) count / right.length;
    }

    /**
     * Accuracy of each seen class that has images, among the seen classes.
     *
     * @param names of the seen classes, by index
     * @param labels class index of each image, as given to {@link #of}
     */
    public Map<String, Double> seenByClass(List<String> names, int[] labels) {
        int[] images = new int[names.size()];
        int[] rights = new int[names.size()];
        int at = 0;
        for (int label : labels) {
            if (label < names.size()) {
                images[label]++;
                rights[label] += seen[at++] ? 1 : 0;
            }
        }
        Map<String, Double> accuracies = new TreeMap<>();
        for (int c = 0; c < images.length; c++) {
            if (images[c] > 0) {
                accuracies.put(names.get(c), (double) rights[c] / images[c]);
            }
        }
        return accuracies;
    }
}
