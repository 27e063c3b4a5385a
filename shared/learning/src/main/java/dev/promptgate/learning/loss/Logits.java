package dev.promptgate.learning.loss;

import dev.promptgate.clip.scoring.ClassScorer;

/**
 * Logits = scale · image · textᵀ of the images [batch][dim], and the mean over them of a loss of the logits, with its gradient with respect
 * to the text features: scale/B · (∂loss/∂logits)ᵀ · images.
 */
record Logits(float[][] images, float scale) {
    @FunctionalInterface
    interface ImageLoss {
        /** The loss of one image of the batch; {@code byLogits} takes ∂loss/∂logits, [classes]. */
        double at(int image, float[] logits, double[] byLogits);
    }

    TextLoss.Result mean(float[][] text, ImageLoss imageLoss) {
        int classes = text.length;
        int dim = text[0].length;
        ClassScorer scorer = new ClassScorer(text);
        float[][] gradient = new float[classes][dim];
        float[] logits = new float[classes];
        double[] byLogits = new double[classes];
        double loss = 0;
        for (int i = 0; i < images.length; i++) {
            scorer.score(images[i], scale, logits);
            loss += imageLoss.at(i, logits, byLogits);
            float[] image = images[i];
            for (int c = 0; c < classes; c++) {
                float delta = (float) (byLogits[c] * scale / images.length);
                float[] row = gradient[c];
                for (int d = 0; d < dim; d++) {
                    row[d] += delta * image[d];
                }
            }
        }
        return new TextLoss.Result(loss / images.length, gradient);
    }

    float[][] all(float[][] text) {
        ClassScorer scorer = new ClassScorer(text);
        float[][] all = new float[images.length][text.length];
        for (int i = 0; i < images.length; i++) {
            scorer.score(images[i], scale, all[i]);
        }
        return all;
    }

    /** Adds what stands for classes that are not there ({@link StepClasses#correction}); nothing if that is empty. */
    static void correct(float[] logits, float[] correction) {
        for (int c = 0; c < correction.length; c++) {
            logits[c] += correction[c];
        }
    }

    static double logSumExp(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }
}
