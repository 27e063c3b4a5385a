package dev.promptgate.learning.optimiser;

import java.util.Arrays;

/**
 * Mean cross-entropy of logits = scale · image · textᵀ, with its gradient with respect to the text features in closed form:
 * scale/B · (softmax − onehot)ᵀ · images.
 */
public final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * The loss, and where it points.
     *
     * @param byTextFeatures ∂loss/∂text, [classes][dim]
     */
    public record Result(double loss, float[][] byTextFeatures) {}

    /**
     * @param images [batch][dim], L2-normalised
     * @param labels class index of each image
     * @param text [classes][dim], L2-normalised
     * @param scale the exponentiated logit scale
     */
    public static Result of(float[][] images, int[] labels, float[][] text, float scale) {
        int classes = text.length;
        int dim = text[0].length;
        float[][] textByDim = transpose(text);
        float[][] gradient = new float[classes][dim];
        float[] logits = new float[classes];
        double loss = 0;
        for (int i = 0; i < images.length; i++) {
            float[] image = images[i];
            Arrays.fill(logits, 0);
            for (int d = 0; d < dim; d++) { // inner loops run over contiguous floats, so that the JIT vectorises them
                float value = scale * image[d];
                float[] row = textByDim[d];
                for (int c = 0; c < classes; c++) {
                    logits[c] += value * row[c];
                }
            }
            double logSum = logSumExp(logits);
            loss += logSum - logits[labels[i]];
            for (int c = 0; c < classes; c++) {
                float delta = (float) ((Math.exp(logits[c] - logSum) - (c == labels[i] ? 1 : 0)) * scale / images.length);
                float[] row = gradient[c];
                for (int d = 0; d < dim; d++) {
                    row[d] += delta * image[d];
                }
            }
        }
        return new Result(loss / images.length, gradient);
    }

    private static double logSumExp(float[] logits) {
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

    private static float[][] transpose(float[][] matrix) {
        float[][] transposed = new float[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }
}
