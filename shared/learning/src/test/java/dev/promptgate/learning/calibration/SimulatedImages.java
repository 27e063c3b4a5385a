package dev.promptgate.learning.calibration;

import java.util.SplittableRandom;

/**
 * Images whose logits are known to be so many times too large: the label of each is drawn by softmax(logits / scale). Some are easy, some
 * hard.
 *
 * @param errors per image, the probability that the answer is wrong
 */
public record SimulatedImages(float[][] logits, int[] labels, double[] errors) {
    public static SimulatedImages draw(int images, int classes, double scale, long seed) {
        return draw(images, classes, scale, 0, new SplittableRandom(seed));
    }

    /** @param labelNoise share of the labels that are drawn with no regard to the image */
    public static SimulatedImages draw(int images, int classes, double scale, double labelNoise, SplittableRandom random) {
        SimulatedImages drawn = new SimulatedImages(new float[images][classes], new int[images], new double[images]);
        for (int i = 0; i < images; i++) {
            double spread = 0.5 + 12 * random.nextDouble();
            float[] truth = new float[classes];
            for (int c = 0; c < classes; c++) {
                truth[c] = (float) (spread * random.nextGaussian());
                drawn.logits[i][c] = (float) (scale * truth[c]);
            }
            drawn.labels[i] = random.nextDouble() < labelNoise ? random.nextInt(classes) : label(truth, random);
            drawn.errors[i] = 1 - (1 - labelNoise) * Confidences.highest(truth, 1) - labelNoise / classes;
        }
        return drawn;
    }

    private static int label(float[] logits, SplittableRandom random) {
        int best = Confidences.answer(logits);
        double left = random.nextDouble() / Confidences.highest(logits, 1);
        for (int c = 0; c < logits.length; c++) {
            left -= Math.exp(logits[c] - logits[best]);
            if (left < 0) {
                return c;
            }
        }
        return best;
    }
}
