package dev.promptgate.experiments.protocol;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.features.LabelNoise;
import dev.promptgate.experiments.features.Shots;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.step.StepReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A question that is asked of every method alike; stateless. */
public interface Protocol {
    /**
     * What all methods of a comparison share: the data, others to test on, the hand-written words, and how many waves the classes come in
     * if the protocol is class-incremental.
     */
    record ComparisonSetting(ClipModel model, FeatureSet data, List<FeatureSet> targets, String contextInit, int waves) {
        /** The training of a run on some classes of the data. */
        TrainingTask task(List<Integer> classes, Run run, TrainingSettings settings) {
            return new TrainingTask(model, classes.stream().map(data.classes()::get).toList(),
                    LabelNoise.symmetric(Shots.draw(data, classes, run.shots(), run.seed()), classes.size(), run.labelNoise(), run.seed()),
                    contextInit, settings, run.seed());
        }

        int classes() {
            return data.classes().size();
        }

        static List<Integer> range(int from, int to) {
            return IntStream.range(from, to).boxed().toList();
        }
    }

    /**
     * One method under one seed, with so many training images a class, a share of them with wrong labels; the listener gets every step's
     * report.
     */
    record Run(FewShotLearner learner, TrainingSettings settings, long seed, int shots, double labelNoise, Consumer<StepReport> listener) {}

    /**
     * What one method reached under one seed.
     *
     * @param figures by name, shares of 1
     * @param correct by the name of a figure that is an accuracy: whether each test image was answered right, in the order of the data
     * @param matrix class-incremental: accuracy on the classes of wave i (row) after wave j (column), NaN before it; else empty
     * @param context the learned one, if there is one for all images
     * @param bytes the size of what was learned; NaN if it is not known, as of results of earlier versions
     */
    record RunOutcome(Map<String, Double> figures, Map<String, boolean[]> correct, double[][] matrix, Optional<Context> context,
            double bytes) {
        /** Of one training; the figures are the accuracies, to which others may be added. */
        static RunOutcome of(Map<String, boolean[]> correct, Classifier learned) {
            Map<String, Double> figures = new LinkedHashMap<>();
            correct.forEach((name, answers) -> figures.put(name, TestImages.accuracy(answers)));
            return new RunOutcome(figures, correct, new double[0][], learned.context(), learned.bytes());
        }
    }

    /** As on the command line and in every report. */
    String name();

    /** What is trained on, what is tested, among which classes: one sentence. */
    String description(ComparisonSetting setting);

    /** The names of the figures, the one that counts first. */
    List<String> figures(ComparisonSetting setting);

    /** @throws IllegalArgumentException if the data cannot answer the question; one line */
    default void check(ComparisonSetting setting) {}

    /** How many of the data's classes, the first ones, are trained on. */
    default int trained(ComparisonSetting setting) {
        return setting.classes();
    }

    /** What the last training of a run is on; most protocols have but one. */
    default TrainingTask lastTask(ComparisonSetting setting, Run run) {
        return setting.task(ComparisonSetting.range(0, trained(setting)), run, run.settings());
    }

    default int steps(ComparisonSetting setting, Run run) {
        return run.learner().steps(lastTask(setting, run));
    }

    RunOutcome run(ComparisonSetting setting, Run run);

    static Protocol named(String name) {
        List<Protocol> all = List.of(new BaseToNew(), new FewShot(), new Transfer(false), new Transfer(true), new ClassIncremental());
        return all.stream().filter(protocol -> protocol.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no such protocol; known are %s [protocol: %s]"
                        .formatted(all.stream().map(Protocol::name).collect(Collectors.joining(", ")), name)));
    }
}
