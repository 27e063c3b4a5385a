package dev.promptgate.learning.optimiser;

import dev.promptgate.clip.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.PromptedEncoder;
import dev.promptgate.clip.text.TextPass;

/**
 * Cross-entropy of one batch through the prompted text encoder.
 *
 * @param images [batch][dim], L2-normalised
 * @param labels index into the prompts' classes
 */
public record PromptObjective(PromptedEncoder encoder, PromptSet prompts, float logitScale, float[][] images, int[] labels)
        implements Objective {
    @Override
    public LossGradient at(Context context) {
        try (TextPass pass = encoder.differentiate(context, prompts)) {
            CrossEntropy.Result result = CrossEntropy.of(images, labels, pass.features(), logitScale);
            return new LossGradient(result.loss(), pass.gradient(result.byTextFeatures()));
        }
    }
}
