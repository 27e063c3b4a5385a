package dev.promptgate.experiments.protocol;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.features.Shots;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.TrainingTask;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What all methods of a comparison share.
 *
 * @param targets other data to test on
 * @param contextInit the hand-written words
 * @param waves of the class-incremental protocol
 */
public record ComparisonSetting(ClipModel model, FeatureSet data, List<FeatureSet> targets, String contextInit, int waves) {
    /** The training of a run on some classes of the data. */
    TrainingTask task(List<Integer> classes, Run run, TrainingSettings settings) {
        return new TrainingTask(model, classes.stream().map(data.classes()::get).toList(),
                Shots.draw(data, classes, run.shots(), run.seed()), contextInit, settings, run.seed());
    }

    /** The training of a run on the first classes of the data, by the run's own schedule. */
    TrainingTask taskOfFirst(int classes, Run run) {
        return task(range(0, classes), run, run.settings());
    }

    /** How many classes the data have. */
    int classes() {
        return data.classes().size();
    }

    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
