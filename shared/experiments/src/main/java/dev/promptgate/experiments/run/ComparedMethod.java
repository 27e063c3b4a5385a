package dev.promptgate.experiments.run;

import dev.promptgate.experiments.method.PromptLearner;
import dev.promptgate.experiments.method.TrainingSettings;

/**
 * One method of the comparison.
 *
 * @param name as on the command line
 * @param title as in reports
 * @param settings its hyperparameters, with their values, as in the table of defaults
 * @param source the paper, and where its defaults stand
 * @param schedule the paper's own: epochs, batch, learning rate; null for a method that does not train
 */
public record ComparedMethod(String name, String title, String settings, String source, TrainingSettings schedule,
        PromptLearner learner) {}
