package dev.promptgate.experiments.method;

import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.StepReport;
import java.util.Optional;
import java.util.function.Consumer;

/** A method that learns a prompt from few shots; stateless. */
public interface PromptLearner {
    /** How many steps {@link #learn} will take: 0 for a method that does not train. */
    int steps(TrainingTask task);

    /**
     * @param from what this method learned before, to go on from; empty: from the hand-written prompt
     * @param listener gets every step's report, on this thread
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener);
}
