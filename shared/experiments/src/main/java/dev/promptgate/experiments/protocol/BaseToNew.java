package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.learning.accuracy.Accuracies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * Base-to-new generalisation (CoCoOp, arXiv 2203.05557, section 4.1): the first ⌈n/2⌉ classes are trained on; base images are told apart
 * among base classes, new ones among new classes; HM is the harmonic mean of the two. Beside it, of the same prompt, the joint label space:
 * all images among all classes, where nothing says which half an image is from.
 */
public final class BaseToNew implements Protocol {
    @Override
    public String name() {
        return "base-to-new";
    }

    @Override
    public String description(ComparisonSetting setting) {
        int base = trained(setting);
        int all = setting.classes();
        return ("trained on the first %d of %d classes; base: their test images among these %d; new: the other test images among the "
                + "other %d; HM: harmonic mean of both, per seed; joint: all test images among all %d classes")
                .formatted(base, all, base, all - base, all);
    }

    @Override
    public List<String> figures(ComparisonSetting setting) {
        return List.of("hm", "base", "new", "joint", "joint_base", "joint_new");
    }

    @Override
    public void check(ComparisonSetting setting) {
        Validate.isTrue(setting.classes() >= 4,
                "base-to-new needs at least 4 classes, two to train on and two new ones [data: %s, classes: %d]", setting.data().name(),
                setting.classes());
    }

    @Override
    public int trained(ComparisonSetting setting) {
        return (setting.classes() + 1) / 2;
    }

    @Override
    public RunOutcome run(ComparisonSetting setting, Run run) {
        List<Integer> base = ComparisonSetting.range(0, trained(setting));
        List<Integer> fresh = ComparisonSetting.range(base.size(), setting.classes());
        Classifier learned = run.learner().learn(lastTask(setting, run), Optional.empty(), run.listener());
        Map<String, boolean[]> correct = new LinkedHashMap<>();
        correct.put("base", TestImages.of(setting.data(), base).correct(learned));
        correct.put("new", TestImages.of(setting.data(), fresh).correct(learned));
        TestImages joint = TestImages.of(setting.data());
        boolean[] answers = joint.correct(learned);
        correct.put("joint", answers);
        correct.put("joint_base", joint.only(answers, base));
        correct.put("joint_new", joint.only(answers, fresh));
        RunOutcome outcome = RunOutcome.of(correct, learned);
        outcome.figures().put("hm", Accuracies.harmonicMean(outcome.figures().get("base"), outcome.figures().get("new")));
        return outcome;
    }
}
