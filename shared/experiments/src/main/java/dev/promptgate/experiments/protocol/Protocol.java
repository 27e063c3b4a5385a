package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.TrainingTask;
import java.util.List;

/** A question that is asked of every method alike; stateless. */
public interface Protocol {
    /** As on the command line and in every report. */
    String name();

    /** What is trained on, what is tested, among which classes: one sentence. */
    String description(ComparisonSetting setting);

    /** The names of the figures, the one that counts first. */
    List<String> figures(ComparisonSetting setting);

    /**
     * @throws IllegalArgumentException if the data cannot answer the question; one line
     */
    void check(ComparisonSetting setting);

    /** What the last training of a run is on; most protocols have but one. */
    TrainingTask lastTask(ComparisonSetting setting, Run run);

    /** How many steps a run will take. */
    default int steps(ComparisonSetting setting, Run run) {
        return run.learner().steps(lastTask(setting, run));
    }

    RunOutcome run(ComparisonSetting setting, Run run);
}
