package dev.promptgate.learning.loss;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import java.util.function.Function;

/** What a method descends: makes the loss of each batch of a training, as a function of the context's values. Stateless. */
@FunctionalInterface
public interface MethodLoss {
    /** @param handWritten the context of the hand-written prompt, for losses that hold on to it */
    Function<Batch, Objective> prepare(ClipModel model, PromptSet prompts, Context handWritten);

    static MethodLoss crossEntropy() {
        return (model, prompts, handWritten) -> batch -> new PromptObjective(model.textEncoder(), prompts, handWritten,
                new CrossEntropy(batch.images(), batch.labels(), model.logitScale()));
    }

    /**
     * KgCoOp's (arXiv 2303.13283): cross-entropy, and the text features held near those of the hand-written prompt with weight w.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static MethodLoss knowledgeGuided(double weight) {
        if (!(weight >= 0)) {
            throw new IllegalArgumentException("KgCoOp needs a weight >= 0 [weight: %s]".formatted(weight));
        }
        return (model, prompts, handWritten) -> {
            TextEncoder encoder = model.textEncoder();
            float[][] kept = encoder.features(handWritten, prompts);
            return batch -> new PromptObjective(encoder, prompts, handWritten,
                    new KnowledgeGuided(new CrossEntropy(batch.images(), batch.labels(), model.logitScale()), kept, weight));
        };
    }

    /**
     * ProGrad's (arXiv 2205.14865): cross-entropy, its gradient without a share λ of what moves the prediction away from the zero-shot one.
     *
     * @param temperature of both predictions
     * @throws IllegalArgumentException if a value is out of its range
     */
    static MethodLoss promptAligned(double lambda, double temperature) {
        if (!(lambda >= 0 && temperature > 0)) {
            throw new IllegalArgumentException("ProGrad needs lambda >= 0 and a temperature > 0 [lambda: %s, temperature: %s]"
                    .formatted(lambda, temperature));
        }
        return (model, prompts, handWritten) -> {
            TextEncoder encoder = model.textEncoder();
            float scale = model.logitScale();
            float[][] zeroShot = encoder.features(handWritten, prompts);
            return batch -> new PromptAlignedGradient(
                    new PromptObjective(encoder, prompts, handWritten, new CrossEntropy(batch.images(), batch.labels(), scale)),
                    new PromptObjective(encoder, prompts, handWritten, new Distillation(batch.images(), zeroShot, scale, temperature)),
                    lambda);
        };
    }
}
