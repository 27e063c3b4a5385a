package dev.promptgate.learning.accuracy;

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
        int[] all = IntStream.range(0, text.length).toArray();
        int[] rows = IntStream.concat(IntStream.of(seenRows), IntStream.of(unseenRows)).toArray();
        return new ProtocolOutcomes(
                right(images, labels, seenRows, text, IntStream.range(0, seenClasses).toArray()),
                right(images, labels, unseenRows, text, IntStream.range(seenClasses, text.length).toArray()),
                right(images, labels, rows, text, all));
    }

    private static boolean[] right(float[][] images, int[] labels, int[] rows, float[][] text, int[] candidates) {
        float[][] chosen = IntStream.of(rows).mapToObj(i -> images[i]).toArray(float[][]::new);
        int[] predicted = Predictions.among(chosen, text, candidates);
        boolean[] right = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            right[i] = predicted[i] == labels[rows[i]];
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
}
