package dev.promptgate.experiments.method;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.Distillation;
import dev.promptgate.learning.optimiser.PromptAlignedGradient;
import dev.promptgate.learning.optimiser.PromptObjective;

/**
 * ProGrad's loss (arXiv 2205.14865): CoOp's, its gradient without what moves the prediction away from the zero-shot one. The defaults are
 * those of the authors' code (λ = 0.8 there for 8 and 16 shots of three data sets).
 *
 * @param lambda share λ of the conflicting part that is taken off
 * @param temperature of both predictions
 */
public record ProGrad(double lambda, double temperature) implements LossFactory {
    public static final double DEFAULT_LAMBDA = 1;
    public static final double DEFAULT_TEMPERATURE = 1;

    @Override
    public Losses prepare(TrainingTask task, PromptSet prompts, Context handWritten) {
        TextEncoder encoder = task.model().textEncoder();
        float scale = task.model().logitScale();
        float[][] zeroShot = encoder.features(handWritten, prompts);
        return batch -> new PromptAlignedGradient(
                new PromptObjective(encoder, prompts, handWritten, new CrossEntropy(batch.images(), batch.labels(), scale)),
                new PromptObjective(encoder, prompts, handWritten, new Distillation(batch.images(), zeroShot, scale, temperature)), lambda);
    }
}
