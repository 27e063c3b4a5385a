package dev.promptgate.learning.accuracy;

import java.util.Arrays;

/** Cosines of one image at a time with all text features. Not thread-safe: it is reused from image to image. */
final class Scores {
    private final float[][] textByDim;
    private final float[] scores;

    /** @param text [classes][dim], L2-normalised */
    Scores(float[][] text) {
        scores = new float[text.length];
        textByDim = new float[text.length == 0 ? 0 : text[0].length][text.length];
        for (int c = 0; c < text.length; c++) {
            for (int d = 0; d < text[c].length; d++) {
                textByDim[d][c] = text[c][d];
            }
        }
    }

    /** Scores an image [dim]; the inner loop runs over contiguous classes, so that the JIT vectorises it. */
    void of(float[] image) {
        Arrays.fill(scores, 0);
        for (int d = 0; d < textByDim.length; d++) {
            float value = image[d];
            float[] row = textByDim[d];
            for (int c = 0; c < scores.length; c++) {
                scores[c] += value * row[c];
            }
        }
    }

    int classes() {
        return scores.length;
    }

    /** The best of the classes from … to − 1; of equal ones the first. */
    int best(int from, int to) {
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
