package dev.promptgate.learning.loss;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.clip.text.PromptPass;
import dev.promptgate.clip.text.PromptSet;

/** A loss of one batch through the prompted text encoder, as a function of the values of a context of the given shape. */
public record PromptObjective(PromptEncoder encoder, PromptSet prompts, Context shape, TextLoss loss) implements Objective {
    @Override
    public LossGradient at(float[] values) {
        try (PromptPass pass = encoder.differentiate(shape.withValues(values), prompts)) {
            TextLoss.Result result = loss.at(pass.features());
            return new LossGradient(result.loss(), pass.gradient(result.byTextFeatures()));
        }
    }
}
