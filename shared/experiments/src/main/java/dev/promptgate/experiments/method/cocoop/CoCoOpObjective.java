package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.clip.text.ConditionalEncoder;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.TextLoss;
import java.util.List;

/**
 * CoCoOp's loss of one batch: the mean over the images of the cross-entropy of each against the classes' features under its own context.
 *
 * @param scale the exponentiated logit scale
 */
record CoCoOpObjective(ConditionalEncoder encoder, PromptSet prompts, ConditionalContext context, Batch batch,
        float scale) implements Objective {
    @Override
    public LossGradient at(float[] parameters) {
        float[][] images = batch.images();
        List<Context> contexts = context.of(parameters, images);
        double[] losses = new double[images.length];
        float[][] byContext = encoder.gradients(contexts, prompts, (i, text) -> {
            TextLoss.Result result = new CrossEntropy(new float[][] {images[i]}, new int[] {batch.labels()[i]}, scale).at(text);
            losses[i] = result.loss();
            return result.byTextFeatures();
        });
        double loss = 0;
        float[] gradient = new float[parameters.length];
        for (int i = 0; i < images.length; i++) {
            loss += losses[i] / images.length;
            for (int j = 0; j < byContext[i].length; j++) {
                byContext[i][j] /= images.length;
            }
            context.backward(parameters, images[i], byContext[i], gradient);
        }
        return new LossGradient(loss, gradient);
    }
}
