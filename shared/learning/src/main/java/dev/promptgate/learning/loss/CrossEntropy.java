package dev.promptgate.learning.loss;

/**
 * Mean cross-entropy of logits = scale · image · textᵀ of a {@link Batch}, with its gradient with respect to the text features in closed
 * form: scale/B · (softmax − onehot)ᵀ · images. The scale is the exponentiated logit scale.
 *
 * @param correction what is added to the logits where the classes are a sample, {@link StepClasses#correction}; empty otherwise
 * @param kind cross-entropy, or what generalises it
 */
public record CrossEntropy(float[][] images, int[] labels, float scale, float[] correction, LabelLoss kind) implements TextLoss {
    /** Over all classes. */
    public CrossEntropy(float[][] images, int[] labels, float scale) {
        this(images, labels, scale, new float[0], LabelLoss.CROSS_ENTROPY);
    }

    @Override
    public Result at(float[][] text) {
        return new Logits(images, scale).mean(text, (image, logits, byLogits) -> {
            Logits.correct(logits, correction);
            double logSum = Logits.logSumExp(logits);
            double logProbability = logits[labels[image]] - logSum;
            double weight = kind.weight(logProbability);
            for (int c = 0; c < logits.length; c++) {
                byLogits[c] = weight * (Math.exp(logits[c] - logSum) - (c == labels[image] ? 1 : 0));
            }
            return kind.loss(logProbability);
        });
    }
}
