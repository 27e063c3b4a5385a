package dev.promptgate.experiments.method;

/** The text feature that is nearest to each image by cosine. */
public final class Nearest {
    private Nearest() {}

    /**
     * @param images [images][dim], L2-normalised
     * @param text [classes][dim], L2-normalised
     */
    public static int[] of(float[][] images, float[][] text) {
        int[] nearest = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < text.length; c++) {
                float sum = 0;
                for (int d = 0; d < text[c].length; d++) {
                    sum += images[i][d] * text[c][d];
                }
                if (sum > best) {
                    best = sum;
                    nearest[i] = c;
                }
            }
        }
        return nearest;
    }
}
