package dev.promptgate.learning.loss;

/**
 * Mean Kullback–Leibler divergence T² · KL(p̃ ‖ p) of the prediction p from the one p̃ that other text features give, both softened by the
 * temperature T, with its gradient with respect to the text features: scale · T/B · (p − p̃)ᵀ · images. ProGrad's loss of general knowledge
 * (arXiv 2205.14865), whose code, trainers/prograd.py, leaves out the entropy of p̃: a constant.
 *
 * @param teacher [classes][dim], L2-normalised
 * @param correction what is added to both predictions' softened logits where the classes are a sample, {@link StepClasses#correction}: each
 *     probability and the sum over the classes are then estimates by the same sample; empty otherwise
 */
public record Distillation(float[][] images, float[][] teacher, float scale, double temperature, float[] correction) implements TextLoss {
    @Override
    public Result at(float[][] text) {
        Logits both = new Logits(images, scale);
        float[][] taught = both.all(teacher);
        return both.mean(text, (image, logits, byLogits) -> {
            double[] known = logSoftmax(taught[image]);
            double[] own = logSoftmax(logits);
            double divergence = 0;
            for (int c = 0; c < own.length; c++) {
                double probability = Math.exp(known[c]);
                divergence += probability * (known[c] - own[c]);
                byLogits[c] = temperature * (Math.exp(own[c]) - probability);
            }
            return temperature * temperature * divergence;
        });
    }

    private double[] logSoftmax(float[] logits) {
        float[] softened = Vectors.times(logits, 1 / temperature);
        Logits.correct(softened, correction);
        double logSum = Logits.logSumExp(softened);
        double[] result = new double[logits.length];
        for (int c = 0; c < result.length; c++) {
            result[c] = softened[c] - logSum;
        }
        return result;
    }
}
