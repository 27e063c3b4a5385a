package dev.promptgate.experiments.method;

import dev.promptgate.learning.step.StepReport;
import java.util.Optional;
import java.util.function.Consumer;

/** CLIP with the hand-written prompt (arXiv 2103.00020): learns nothing. */
public record ZeroShot() implements PromptLearner {
    @Override
    public int steps(TrainingTask task) {
        return 0;
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        return new ContextClassifier(task.model().textEncoder(), task.model().textEncoder().contextFrom(task.contextInit()));
    }
}
