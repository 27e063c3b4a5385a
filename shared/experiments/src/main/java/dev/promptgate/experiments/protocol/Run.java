package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.PromptLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.step.StepReport;
import java.util.function.Consumer;

/**
 * One method under one seed.
 *
 * @param shots training images a class
 * @param listener gets every step's report
 */
public record Run(PromptLearner learner, TrainingSettings settings, long seed, int shots, Consumer<StepReport> listener) {}
