package dev.promptgate.experiments.method;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.Objective;
import dev.promptgate.learning.optimiser.PromptObjective;

/** Makes a method's loss; stateless. */
@FunctionalInterface
public interface LossFactory {
    /** The loss of each batch of one run. */
    @FunctionalInterface
    interface Losses {
        /** As a function of the context's values. */
        Objective objective(Epochs.Batch batch);
    }

    /** @param handWritten the context of the hand-written prompt, for losses that hold on to it */
    Losses prepare(TrainingTask task, PromptSet prompts, Context handWritten);

    static LossFactory crossEntropy() {
        return (task, prompts, handWritten) -> batch -> new PromptObjective(task.model().textEncoder(), prompts, handWritten,
                new CrossEntropy(batch.images(), batch.labels(), task.model().logitScale()));
    }
}
