package dev.promptgate.learning.accuracy;

/** Nearest text feature by cosine. */
public final class Predictions {
    private Predictions() {}

    /**
     * The class of each image among {@code candidates}; of equal ones the first.
     *
     * @param images [n][dim], L2-normalised
     * @param text [classes][dim], L2-normalised
     * @param candidates the indices of the classes that may be answered
     */
    public static int[] among(float[][] images, float[][] text, int[] candidates) {
        int[] predicted = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            float best = Float.NEGATIVE_INFINITY;
            predicted[i] = -1;
            for (int c : candidates) {
                float score = 0;
                for (int d = 0; d < images[i].length; d++) {
                    score += images[i][d] * text[c][d];
                }
                if (score > best) {
                    best = score;
                    predicted[i] = c;
                }
            }
        }
        return predicted;
    }
}
