package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.lang3.Validate;

/**
 * Trained on all classes of one set of images, tested on others as they are (CoCoOp, arXiv 2203.05557, sections 4.2 and 4.3): cross-dataset
 * where the others have classes of their own, cross-domain where they show the same classes in another way.
 */
record Transfer(boolean sameClasses) implements Protocol {
    @Override
    public String name() {
        return sameClasses ? "cross-domain" : "cross-dataset";
    }

    @Override
    public String description(ComparisonSetting setting) {
        return ("trained on all %d classes of %s; source: its test images among them; every target: its test images among its own "
                + "classes; mean: over the targets")
                .formatted(setting.classes(), setting.data().name());
    }

    @Override
    public List<String> figures(ComparisonSetting setting) {
        List<String> names = new ArrayList<>(List.of("mean", "source"));
        setting.targets().forEach(target -> names.add(target.name()));
        return names;
    }

    @Override
    public void check(ComparisonSetting setting) {
        Validate.isTrue(!setting.targets().isEmpty(), "%s tests on other data; name it with --target", name());
        TreeSet<String> source = new TreeSet<>(setting.data().classes());
        for (FeatureSet target : setting.targets()) {
            if (sameClasses && !source.containsAll(target.classes())) {
                TreeSet<String> foreign = new TreeSet<>(target.classes());
                foreign.removeAll(source);
                throw new IllegalArgumentException(
                        "cross-domain needs targets with the source's classes; use cross-dataset for others [target: %s, not in %s: %s%s]"
                                .formatted(target.name(),
                                        setting.data().name(), foreign.first(),
                                        foreign.size() > 1 ? " and " + (foreign.size() - 1) + " more" : ""));
            }
        }
    }

    @Override
    public RunOutcome run(ComparisonSetting setting, Run run) {
        Classifier learned = run.learner().learn(lastTask(setting, run), Optional.empty(), run.listener());
        Map<String, boolean[]> correct = new LinkedHashMap<>();
        correct.put("source", TestImages.of(setting.data()).correct(learned));
        for (FeatureSet target : setting.targets()) {
            correct.put(target.name(), TestImages.of(target).correct(learned));
        }
        RunOutcome outcome = RunOutcome.of(correct, learned);
        Map<String, Double> figures = outcome.figures();
        figures.put("mean", setting.targets().stream().mapToDouble(target -> figures.get(target.name())).average().orElseThrow());
        return outcome;
    }
}
