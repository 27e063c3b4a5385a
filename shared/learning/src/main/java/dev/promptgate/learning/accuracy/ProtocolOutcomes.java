package dev.promptgate.learning.accuracy;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which images one prompt gets right: those of seen classes among the seen classes, those of unseen ones among the unseen, and all, the
 * seen ones first, among all classes.
 *
 * @param answers per image, in the order given: index of the class that it is taken for, among all classes
 */
public record ProtocolOutcomes(boolean[] seen, boolean[] unseen, boolean[] joint, int[] answers) {
    /** Of images [n][dim], L2-normalised, with the class index of each; text [classes][dim] has the seen classes first. */
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

    /** Accuracy of each seen class that has images, among the seen classes; the labels are those given to {@link #of}. */
    public Map<String, Double> seenByClass(List<String> names, int[] labels) {
        int[] seenLabels = IntStream.of(labels).filter(label -> label < names.size()).toArray();
        return IntStream.range(0, seenLabels.length).boxed().collect(Collectors.groupingBy(i -> names.get(seenLabels[i]), TreeMap::new,
                Collectors.averagingInt(i -> seen[i] ? 1 : 0)));
    }
}
