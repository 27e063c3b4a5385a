package dev.promptgate.clip.scoring;

import java.util.Arrays;

/**
 * Scores images against the text features of classes: image · textᵀ, which are cosines, since both are L2-normalised. The sum over the
 * dimensions runs in their order, in float, so that the same features give the same bits to everyone who asks. Immutable, thread-safe.
 */
public final class ClassScorer {
    private final int classes;
    private final float[][] textByDim; // [dim][classes]: the inner loop runs over contiguous floats, so that the JIT vectorises it

    /** @param text [classes][dim], L2-normalised */
    public ClassScorer(float[][] text) {
        classes = text.length;
        textByDim = new float[classes == 0 ? 0 : text[0].length][classes];
        for (int c = 0; c < classes; c++) {
            for (int d = 0; d < textByDim.length; d++) {
                textByDim[d][c] = text[c][d];
            }
        }
    }

    public int classes() {
        return classes;
    }

    /** The text features [n][dim] of the first classes, as they were given. */
    public float[][] text(int n) {
        float[][] text = new float[n][textByDim.length];
        for (int d = 0; d < textByDim.length; d++) {
            for (int c = 0; c < n; c++) {
                text[c][d] = textByDim[d][c];
            }
        }
        return text;
    }

    /** The cosines [classes] of an image [dim], L2-normalised. */
    public float[] score(float[] image) {
        float[] scores = new float[classes];
        score(image, 1, scores);
        return scores;
    }

    /** The same into {@code scores}, times a factor, such as the logit scale, which is folded into the image before the sum. */
    public void score(float[] image, float factor, float[] scores) {
        Arrays.fill(scores, 0);
        for (int d = 0; d < textByDim.length; d++) {
            float value = factor * image[d];
            float[] row = textByDim[d];
            for (int c = 0; c < classes; c++) {
                scores[c] += value * row[c];
            }
        }
    }

    /** The index of the nearest class of each image [dim], L2-normalised; of equally near ones the first. */
    public int[] nearest(float[][] images) {
        return Arrays.stream(images).mapToInt(image -> Math.max(0, best(score(image), 0, classes))).toArray();
    }

    /** The class with the highest score among from … to − 1; of equal ones the first; −1 if no score is a number. */
    public static int best(float[] scores, int from, int to) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int c = from; c < to; c++) {
            if (scores[c] > highest) {
                highest = scores[c];
                best = c;
            }
        }
        return best;
    }
}
