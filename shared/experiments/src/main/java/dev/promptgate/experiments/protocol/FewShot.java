package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.Classifier;
import dev.promptgate.experiments.method.TrainingTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Few-shot classification (CoOp, arXiv 2109.01134, section 4.1): trained on all classes, tested among all of them, by shots. */
public final class FewShot implements Protocol {
    @Override
    public String name() {
        return "few-shot";
    }

    @Override
    public String description(ComparisonSetting setting) {
        return "trained on all %d classes, all test images among all of them, by the number of training images a class"
                .formatted(setting.classes());
    }

    @Override
    public List<String> figures(ComparisonSetting setting) {
        return List.of("accuracy");
    }

    @Override
    public void check(ComparisonSetting setting) {}

    @Override
    public TrainingTask lastTask(ComparisonSetting setting, Run run) {
        return setting.taskOfFirst(setting.classes(), run);
    }

    @Override
    public RunOutcome run(ComparisonSetting setting, Run run) {
        Classifier learned = run.learner().learn(lastTask(setting, run), Optional.empty(), run.listener());
        boolean[] correct = TestImages.of(setting.data()).correct(learned);
        return new RunOutcome(Map.of("accuracy", TestImages.accuracy(correct)), Map.of("accuracy", correct), new double[0][],
                learned.context());
    }
}
