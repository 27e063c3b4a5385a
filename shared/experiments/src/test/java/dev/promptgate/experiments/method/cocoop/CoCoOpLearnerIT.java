package dev.promptgate.experiments.method.cocoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.BundledTask;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** CoCoOp learns on the bundled model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class CoCoOpLearnerIT {
    private ClipModel model;
    private TrainingTask task;

    @BeforeAll
    void encode(ClipModel bundledModel) throws Exception {
        model = bundledModel;
        task = new BundledTask(model, 5, 4).task(new TrainingSettings(50, 32, 0.01, 1, 0.9, 5e-4), 3);
    }

    @Test
    void afterAFewEpochsTheLossIsLower() {
        CoCoOpLearner learner = new CoCoOpLearner(1, 4);
        List<StepReport> reports = new ArrayList<>();
        learner.learn(task, Optional.empty(), reports::add);
        assertEquals(80, learner.steps(task));
        assertEquals(80, reports.size());
        double first = mean(reports.subList(0, 20));
        double last = mean(reports.subList(60, 80));
        assertTrue(last < 0.8 * first, "from " + first + " to " + last);
    }

    @Test
    void theSameSeedGivesTheSameResultAndAnotherSeedAnother() {
        float[] once = learned(task, Optional.empty()).parameters();
        assertArrayEquals(once, learned(task, Optional.empty()).parameters(), 1e-6f);
        TrainingTask other = new TrainingTask(model, task.classes(), task.samples(), task.contextInit(), task.settings(), 4);
        assertTrue(Arrays.mismatch(once, learned(other, Optional.empty()).parameters()) >= 0);
    }

    @Test
    void theOrderOfTheClassesDoesNotMatter() {
        List<String> reversed = new ArrayList<>(task.classes());
        Collections.reverse(reversed);
        List<Sample> samples = task.samples().stream().map(s -> new Sample(s.id(), reversed.size() - 1 - s.classIndex(), s.views()))
                .toList();
        CoCoOpLearner.Learned straight = learned(task, Optional.empty());
        CoCoOpLearner.Learned turned = learned(new TrainingTask(model, reversed, samples, task.contextInit(), task.settings(), task.seed()),
                Optional.empty());
        assertArrayEquals(straight.parameters(), turned.parameters(), 1e-4f);
        int[] answers = turned.classify(images(), reversed);
        int[] expected = straight.classify(images(), task.classes());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(task.classes().get(expected[i]), reversed.get(answers[i]));
        }
    }

    @Test
    void everyImageIsClassifiedUnderItsOwnContext() {
        CoCoOpLearner.Learned classifier = learned(task, Optional.empty());
        int[] answers = classifier.classify(images(), task.classes());
        for (int i = 0; i < answers.length; i++) {
            float[][] image = {images()[i]};
            float[][] text = model.textEncoder().features(classifier.conditional().of(classifier.parameters(), image).get(0),
                    model.textEncoder().prompts(task.classes(), 4));
            assertEquals(new ClassScorer(text).nearest(image)[0], answers[i]);
        }
        assertTrue(classifier.context().isEmpty());
    }

    @Test
    void aWarmStartGoesOnFromWhatWasLearned() {
        List<StepReport> cold = new ArrayList<>();
        Classifier learned = new CoCoOpLearner(1, 4).learn(task, Optional.empty(), cold::add);
        List<StepReport> warm = new ArrayList<>();
        new CoCoOpLearner(1, 1).learn(task, Optional.of(learned), warm::add);
        assertTrue(mean(warm) < 0.8 * mean(cold.subList(0, 20)), mean(warm) + " after " + mean(cold.subList(0, 20)));
    }

    @Test
    void aBatchOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CoCoOpLearner(0, 10));
    }

    private static CoCoOpLearner.Learned learned(TrainingTask task, Optional<Classifier> from) {
        return (CoCoOpLearner.Learned) new CoCoOpLearner(4, 2).learn(task, from, report -> {});
    }

    private float[][] images() {
        return task.samples().stream().map(sample -> sample.views()[0]).toArray(float[][]::new);
    }

    private static double mean(List<StepReport> reports) {
        return reports.stream().mapToDouble(StepReport::loss).average().orElseThrow();
    }
}
