package dev.promptgate.experiments.method;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.KnowledgeGuided;
import dev.promptgate.learning.optimiser.PromptObjective;

/**
 * KgCoOp's loss (arXiv 2303.13283): CoOp's, and the text features held near those of the hand-written prompt.
 *
 * @param weight w of that term
 */
public record KgCoOp(double weight) implements LossFactory {
    public static final double DEFAULT_WEIGHT = 8;

    @Override
    public Losses prepare(TrainingTask task, PromptSet prompts, Context handWritten) {
        TextEncoder encoder = task.model().textEncoder();
        float[][] kept = encoder.features(handWritten, prompts);
        return batch -> new PromptObjective(encoder, prompts, handWritten,
                new KnowledgeGuided(new CrossEntropy(batch.images(), batch.labels(), task.model().logitScale()), kept, weight));
    }
}
