package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.features.Shots;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.TrainingTask;
import java.util.List;
import java.util.stream.IntStream;

/** Makes training tasks of some classes of the data. */
final class Training {
    private Training() {}

    static TrainingTask task(ComparisonSetting setting, List<Integer> classes, Run run, TrainingSettings settings) {
        FeatureSet data = setting.data();
        return new TrainingTask(setting.model(), classes.stream().map(data.classes()::get).toList(),
                Shots.draw(data, classes, run.shots(), run.seed()),
                setting.contextInit(), settings, run.seed());
    }

    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
