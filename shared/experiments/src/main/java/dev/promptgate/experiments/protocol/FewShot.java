package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.FewShotLearner.Classifier;
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
    public RunOutcome run(ComparisonSetting setting, Run run) {
        Classifier learned = run.learner().learn(lastTask(setting, run), Optional.empty(), run.listener());
        return RunOutcome.of(Map.of("accuracy", TestImages.of(setting.data()).correct(learned)), learned);
    }
}
