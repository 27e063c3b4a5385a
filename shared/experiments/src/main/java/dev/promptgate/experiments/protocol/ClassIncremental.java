package dev.promptgate.experiments.protocol;

import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * Class-incremental learning as the product does it: classes come in waves; after each, the method goes on from what it had learned, on the
 * shots of all classes so far. Measured are the average accuracy, forgetting (arXiv 1801.10112) and backward transfer (arXiv 1706.08840),
 * always among all classes so far.
 */
public final class ClassIncremental implements Protocol {
    @Override
    public String name() {
        return "class-incremental";
    }

    @Override
    public String description(ComparisonSetting setting) {
        return ("%d classes in %d waves, in an order by seed; each wave goes on from the last one, on the shots of all classes so far, "
                + "with a %d-th of the epochs, rounded up; average: mean over waves of the accuracy on all classes so far among them; "
                + "last: after the last wave; forgetting: mean over the classes of earlier waves of their best accuracy minus the last; "
                + "backward: mean over earlier waves of the last accuracy minus the first; upcoming: mean over waves of the accuracy on "
                + "the classes still to come, among them")
                .formatted(setting.classes(), setting.waves(), setting.waves());
    }

    @Override
    public List<String> figures(ComparisonSetting setting) {
        return List.of("average", "last", "forgetting", "backward", "upcoming");
    }

    @Override
    public void check(ComparisonSetting setting) {
        Validate.isTrue(setting.waves() >= 2 && setting.classes() >= 2 * setting.waves(),
                "class-incremental needs at least 2 waves of at least 2 classes; change --waves [waves: %d, classes: %d]", setting.waves(),
                setting.classes());
    }

    /** The classes of each wave, as equally many as possible. */
    static List<List<Integer>> waves(int classes, int waves, long seed) {
        List<Integer> order = new ArrayList<>(ComparisonSetting.range(0, classes));
        Collections.shuffle(order, new Random(seed));
        return IntStream.range(0, waves).mapToObj(w -> order.subList(w * classes / waves, (w + 1) * classes / waves)).toList();
    }

    private static TrainingSettings perWave(TrainingSettings settings, int waves) {
        int epochs = Math.max(settings.warmUpEpochs() + 1, (settings.epochs() + waves - 1) / waves);
        return new TrainingSettings(epochs, settings.batch(), settings.learningRate(), settings.warmUpEpochs(), settings.momentum(),
                settings.weightDecay());
    }

    @Override
    public int steps(ComparisonSetting setting, Run run) {
        int steps = 0;
        List<Integer> known = new ArrayList<>();
        for (List<Integer> wave : waves(setting.classes(), setting.waves(), run.seed())) {
            known.addAll(wave);
            steps += run.learner().steps(setting.task(known, run, perWave(run.settings(), setting.waves())));
        }
        return steps;
    }

    @Override
    public TrainingTask lastTask(ComparisonSetting setting, Run run) {
        List<Integer> order = waves(setting.classes(), setting.waves(), run.seed()).stream().flatMap(List::stream).toList();
        return setting.task(order, run, perWave(run.settings(), setting.waves()));
    }

    @Override
    public RunOutcome run(ComparisonSetting setting, Run run) {
        List<List<Integer>> waves = waves(setting.classes(), setting.waves(), run.seed());
        double[][] matrix = new double[waves.size()][waves.size()];
        Arrays.stream(matrix).forEach(row -> Arrays.fill(row, Double.NaN));
        double[] soFar = new double[waves.size()];
        double[] upcoming = new double[waves.size() - 1];
        List<Integer> known = new ArrayList<>();
        Optional<Classifier> learned = Optional.empty();
        boolean[] last = {};
        for (int t = 0; t < waves.size(); t++) {
            known.addAll(waves.get(t));
            learned = Optional.of(run.learner().learn(
                    setting.task(List.copyOf(known), run, perWave(run.settings(), waves.size())), learned, run.listener()));
            TestImages tested = TestImages.of(setting.data(), known);
            last = tested.correct(learned.get());
            soFar[t] = TestImages.accuracy(last);
            // an image's label is its class's place among the known ones
            for (int w = 0, from = 0; w <= t; from += waves.get(w).size(), w++) {
                matrix[w][t] = TestImages.accuracy(tested.only(last, ComparisonSetting.range(from, from + waves.get(w).size())));
            }
            if (t < waves.size() - 1) {
                List<Integer> toCome = waves.subList(t + 1, waves.size()).stream().flatMap(List::stream).toList();
                upcoming[t] = TestImages.accuracy(TestImages.of(setting.data(), toCome).correct(learned.get()));
            }
        }
        Map<String, Double> figures = figures(matrix);
        figures.put("average", Arrays.stream(soFar).average().orElseThrow());
        figures.put("last", soFar[soFar.length - 1]);
        figures.put("upcoming", Arrays.stream(upcoming).average().orElseThrow());
        return new RunOutcome(figures, Map.of("last", last), matrix, learned.orElseThrow().context(), learned.orElseThrow().bytes());
    }

    /** Forgetting and backward transfer of accuracies by wave (row) after each wave (column). */
    static Map<String, Double> figures(double[][] matrix) {
        WaveAccuracies accuracies = new WaveAccuracies();
        for (int t = 0; t < matrix.length; t++) {
            Map<String, Double> byWave = new HashMap<>();
            for (int w = 0; w <= t; w++) {
                byWave.put("wave " + w, matrix[w][t]);
            }
            accuracies.rollOut(byWave);
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("forgetting", accuracies.figures().meanForgetting());
        figures.put("backward", accuracies.figures().backwardTransfer());
        return figures;
    }
}
