package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.TrainingTask;
import java.util.List;

/** A question that is asked of every method alike; stateless. */
public interface Protocol {
    /** As on the command line and in every report. */
    String name();

    /** What is trained on, what is tested, among which classes: one sentence. */
    String description(Setting setting);

    /** The names of the figures, the one that counts first. */
    List<String> figures(Setting setting);

    /**
     * @throws IllegalArgumentException if the data cannot answer the question; one line
     */
    void check(Setting setting);

    /** What the last training of a run is on; most protocols have but one. */
    TrainingTask lastTask(Setting setting, Run run);

    /** How many steps a run will take. */
    default int steps(Setting setting, Run run) {
        return run.learner().steps(lastTask(setting, run));
    }

    Outcome run(Setting setting, Run run);
}
