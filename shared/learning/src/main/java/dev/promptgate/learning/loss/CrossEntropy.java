package dev.promptgate.learning.loss;

/**
 * Mean cross-entropy of logits = scale · image · textᵀ of a {@link Batch}, with its gradient with respect to the text features in closed
 * form: scale/B · (softmax − onehot)ᵀ · images. The scale is the exponentiated logit scale.
 */
public record CrossEntropy(float[][] images, int[] labels, float scale) implements TextLoss {
    @Override
    public Result at(float[][] text) {
        return new Logits(images, scale).mean(text, (image, logits, byLogits) -> {
            double logSum = Logits.logSumExp(logits);
            for (int c = 0; c < logits.length; c++) {
                byLogits[c] = Math.exp(logits[c] - logSum) - (c == labels[image] ? 1 : 0);
            }
            return logSum - logits[labels[image]];
        });
    }
}
