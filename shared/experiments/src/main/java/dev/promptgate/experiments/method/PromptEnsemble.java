package dev.promptgate.experiments.method;

import dev.promptgate.learning.step.StepReport;
import java.util.Optional;
import java.util.function.Consumer;

/** CLIP with the ensemble of its hand-written prompts (arXiv 2103.00020, section 3.1.4): learns nothing. */
public record PromptEnsemble() implements PromptLearner {
    @Override
    public int steps(TrainingTask task) {
        return 0;
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        return new EnsembleClassifier(task.model().textEncoder(), PromptTemplates.BEFORE_THE_NAME);
    }
}
