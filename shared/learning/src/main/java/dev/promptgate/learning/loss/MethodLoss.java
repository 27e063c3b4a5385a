package dev.promptgate.learning.loss;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/** What a method descends: makes the loss of each batch of a training, as a function of the context's values. Stateless. */
@FunctionalInterface
public interface MethodLoss {
    /**
     * A loss that also keeps the text features near those of other prompts, [classes][dim], L2-normalised: loss + w · (1 − mean over the
     * classes of the cosine between them). This is what the authors' code computes, trainers/kgcoop.py; the paper writes the mean squared
     * distance of the features, which is 2 · (1 − mean cosine), since they are normalised.
     */
    record KnowledgeGuided(TextLoss loss, float[][] kept, double weight) implements TextLoss {
        @Override
        public Result at(float[][] text) {
            Result own = loss.at(text);
            float[][] gradient = new float[text.length][];
            double cosines = 0;
            for (int c = 0; c < text.length; c++) {
                cosines += Vectors.dot(text[c], kept[c]);
                gradient[c] = Vectors.plus(own.byTextFeatures()[c], -weight / text.length, kept[c]);
            }
            return new Result(own.loss() + weight * (1 - cosines / text.length), gradient);
        }
    }

    /**
     * A loss whose gradient g loses what conflicts with general knowledge. Where g points against the gradient k of the general loss, λ
     * times its projection on k is taken off: g − λ (g · k̂) k̂; elsewhere it is g itself (prograd_backward_and_update in the trainer of
     * the authors' code). The loss that is reported is the first alone.
     */
    record PromptAlignedGradient(Objective loss, Objective general, double lambda) implements Objective {
        @Override
        public LossGradient at(float[] parameters) {
            LossGradient own = loss.at(parameters);
            float[] knowledge = general.at(parameters).checked("loss of general knowledge").gradient();
            return Vectors.dot(own.gradient(), knowledge) < 0
                    ? new LossGradient(own.loss(), Vectors.without(own.gradient(), lambda, knowledge)) : own;
        }
    }

    /** @param handWritten the context of the hand-written prompt, for losses that hold on to it */
    Function<Batch, Objective> prepare(ClipModel model, PromptSet prompts, Context handWritten);

    static MethodLoss crossEntropy() {
        return (model, prompts, handWritten) -> batch -> new PromptObjective(model.textEncoder(), prompts, handWritten,
                new CrossEntropy(batch.images(), batch.labels(), model.logitScale()));
    }

    /**
     * KgCoOp's (arXiv 2303.13283): cross-entropy, and the text features held near those of the hand-written prompt with weight w, by
     * default 8.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static MethodLoss knowledgeGuided(double weight) {
        Validate.isTrue(weight >= 0, "KgCoOp needs a weight >= 0 [weight: %s]", weight);
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
        Validate.isTrue(lambda >= 0 && temperature > 0, "ProGrad needs lambda >= 0 and a temperature > 0 [lambda: %s, temperature: %s]",
                lambda, temperature);
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
