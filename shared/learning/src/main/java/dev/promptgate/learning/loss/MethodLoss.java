package dev.promptgate.learning.loss;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.clip.text.PromptSet;
import org.apache.commons.lang3.Validate;

/** What a method descends: makes the loss of each batch of a training, as a function of the context's values. Stateless. */
@FunctionalInterface
public interface MethodLoss {
    /** The losses of one training. */
    @FunctionalInterface
    interface Losses {
        /** @param batch its labels are indices among all classes of the training */
        Objective of(Batch batch, StepClasses classes);
    }

    /**
     * A loss that also keeps the text features near those of other prompts, [classes][dim], L2-normalised: loss + w · (1 − mean over the
     * classes of the cosine between them). This is what the authors' code computes, trainers/kgcoop.py; the paper writes the mean squared
     * distance of the features, which is 2 · (1 − mean cosine), since they are normalised. Of a sample of the classes each counts as often
     * as the classes that it stands for, which makes the mean over all classes in expectation.
     */
    record KnowledgeGuided(TextLoss loss, float[][] kept, double weight, StepClasses classes) implements TextLoss {
        @Override
        public Result at(float[][] text) {
            Result own = loss.at(text);
            float[][] gradient = new float[text.length][];
            double cosines = 0;
            for (int c = 0; c < text.length; c++) {
                double count = classes.counts()[c];
                cosines += count * Vectors.dot(text[c], kept[c]);
                gradient[c] = Vectors.plus(own.byTextFeatures()[c], -weight * count / classes.of(), kept[c]);
            }
            return new Result(own.loss() + weight * (1 - cosines / classes.of()), gradient);
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
    Losses prepare(PromptModel model, PromptSet prompts, Context handWritten);

    /** Of the labels alone. */
    static MethodLoss crossEntropy(LabelLoss kind) {
        return (model, prompts, handWritten) -> (batch, classes) -> new PromptObjective(model.textEncoder(), classes.of(prompts),
                handWritten, crossEntropy(kind, model, batch, classes));
    }

    private static CrossEntropy crossEntropy(LabelLoss kind, PromptModel model, Batch batch, StepClasses classes) {
        Batch among = classes.of(batch);
        return new CrossEntropy(among.images(), among.labels(), model.logitScale(), classes.correction(), kind);
    }

    /**
     * KgCoOp's (arXiv 2303.13283): the loss of the labels, and the text features held near those of the hand-written prompt with weight w,
     * in its paper 8. With 0 it is the loss of the labels alone.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static MethodLoss knowledgeGuided(LabelLoss kind, double weight) {
        Validate.isTrue(weight >= 0, "The distance from the hand-written prompt needs a weight >= 0 [weight: %s]", weight);
        if (weight == 0) {
            return crossEntropy(kind);
        }
        return (model, prompts, handWritten) -> {
            PromptEncoder encoder = model.textEncoder();
            float[][] kept = encoder.features(handWritten, prompts);
            return (batch, classes) -> new PromptObjective(encoder, classes.of(prompts), handWritten,
                    new KnowledgeGuided(crossEntropy(kind, model, batch, classes), classes.of(kept), weight, classes));
        };
    }

    /**
     * ProGrad's (arXiv 2205.14865): cross-entropy, its gradient without a share λ of what moves the prediction away from the zero-shot one.
     *
     * @param temperature of both predictions
     * @throws IllegalArgumentException if a value is out of its range
     */
    static MethodLoss promptAligned(LabelLoss kind, double lambda, double temperature) {
        Validate.isTrue(lambda >= 0 && temperature > 0, "ProGrad needs lambda >= 0 and a temperature > 0 [lambda: %s, temperature: %s]",
                lambda, temperature);
        return (model, prompts, handWritten) -> {
            PromptEncoder encoder = model.textEncoder();
            float[][] zeroShot = encoder.features(handWritten, prompts);
            return (batch, classes) -> {
                PromptSet among = classes.of(prompts);
                Distillation general = new Distillation(batch.images(), classes.of(zeroShot), model.logitScale(), temperature,
                        classes.correction());
                return new PromptAlignedGradient(
                        new PromptObjective(encoder, among, handWritten, crossEntropy(kind, model, batch, classes)),
                        new PromptObjective(encoder, among, handWritten, general), lambda);
            };
        };
    }
}
