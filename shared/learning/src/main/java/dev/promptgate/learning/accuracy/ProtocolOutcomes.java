package dev.promptgate.learning.accuracy;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.Arrays;
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
        ClassScorer scorer = new ClassScorer(text);
        return of(IntStream.range(0, images.length).mapToObj(i -> Nearest.of(images[i], labels[i] < seenClasses, scorer, seenClasses))
                .toArray(Nearest[]::new), labels, seenClasses);
    }

    /** Of what each image is taken for. */
    public static ProtocolOutcomes of(Nearest[] nearest, int[] labels, int seenClasses) {
        int[] seenRows = IntStream.range(0, labels.length).filter(i -> labels[i] < seenClasses).toArray();
        int[] unseenRows = IntStream.range(0, labels.length).filter(i -> labels[i] >= seenClasses).toArray();
        boolean[] joint = new boolean[labels.length];
        for (int i = 0; i < joint.length; i++) {
            int row = i < seenRows.length ? seenRows[i] : unseenRows[i - seenRows.length];
            joint[i] = nearest[row].ofAll() == labels[row];
        }
        return new ProtocolOutcomes(right(nearest, labels, seenRows), right(nearest, labels, unseenRows), joint,
                Arrays.stream(nearest).mapToInt(Nearest::ofAll).toArray());
    }

    private static boolean[] right(Nearest[] nearest, int[] labels, int[] rows) {
        boolean[] right = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            right[i] = nearest[rows[i]].ofHalf() == labels[rows[i]];
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
