package dev.promptgate.learning.accuracy;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What one prompt answers, and which images it gets right, in each protocol.
 *
 * @param seen per image of a seen class, among the seen classes
 * @param unseen per image of an unseen class, among the unseen classes
 * @param joint per image, the seen ones first, among all classes
 * @param answers per image, in the order given: index of the class that it is taken for, among all classes
 */
public record ProtocolOutcomes(boolean[] seen, boolean[] unseen, boolean[] joint, int[] answers) {
    /**
     * @param images [n][dim], L2-normalised
     * @param labels class index of each image
     * @param text [classes][dim]: the seen classes first
     * @param seenClasses how many classes are seen
     */
    public static ProtocolOutcomes of(float[][] images, int[] labels, float[][] text, int seenClasses) {
        int[] seenRows = IntStream.range(0, images.length).filter(i -> labels[i] < seenClasses).toArray();
        int[] unseenRows = IntStream.range(0, images.length).filter(i -> labels[i] >= seenClasses).toArray();
        int[] answers = new int[images.length];
        ClassScorer scorer = new ClassScorer(text);
        boolean[] seen = right(images, labels, seenRows, scorer, 0, seenClasses, answers);
        boolean[] unseen = right(images, labels, unseenRows, scorer, seenClasses, text.length, answers);
        boolean[] joint = new boolean[images.length];
        for (int i = 0; i < joint.length; i++) {
            int row = i < seenRows.length ? seenRows[i] : unseenRows[i - seenRows.length];
            joint[i] = answers[row] == labels[row];
        }
        return new ProtocolOutcomes(seen, unseen, joint, answers);
    }

    /** Right among the classes from … to − 1; writes the best of all classes into {@code answers} on the way. */
    private static boolean[] right(float[][] images, int[] labels, int[] rows, ClassScorer scorer, int from, int to, int[] answers) {
        boolean[] right = new boolean[rows.length];
        float[] scores = new float[scorer.classes()];
        for (int i = 0; i < rows.length; i++) {
            scorer.score(images[rows[i]], 1, scores);
            right[i] = ClassScorer.best(scores, from, to) == labels[rows[i]];
            answers[rows[i]] = ClassScorer.best(scores, 0, scores.length);
        }
        return right;
    }

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
