package dev.promptgate.experiments.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.LearningSettings.WarmStart;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.SgdSettings;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every method of the catalogue learns by the learner what it learns by the comparison, step by step, on real features. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class CatalogueIT {
    private static final int STEPS = 6;
    private static final SgdSettings SGD = new SgdSettings(0.02, 0.9, 5e-4);

    private BundledTask bundled;

    @BeforeAll
    void load(ClipModel model) throws Exception {
        bundled = new BundledTask(model, 2, 1); // two images in one batch: their order changes no sum
    }

    @TestFactory
    Stream<DynamicTest> theLearnersUpdateIsTheComparisonsRun() {
        return Arrays.stream(ContextMethod.values()).map(method -> DynamicTest.dynamicTest(method.key(), () -> {
            List<StepReport> compared = new ArrayList<>();
            TrainingTask task = bundled.task(new TrainingSettings(STEPS, 2, SGD.learningRate(), 1, SGD.momentum(), SGD.weightDecay()), 1);
            Context learned = ComparedMethod.named(method.key()).learner().learn(task, Optional.empty(), compared::add).context()
                    .orElseThrow();
            UpdateResult update = update(method);
            assertEquals(STEPS, compared.size());
            assertEquals(compared, update.steps()); // to the last bit
            assertArrayEquals(learned.values(), update.context().values());
            assertFalse(Arrays.equals(bundled.model.textEncoder().contextFrom(task.contextInit()).values(), learned.values()));
        }));
    }

    /** Of eight classes with an image each, two in a batch. */
    @Test
    void sampledClassesAreAllClassesBelowTheBoundAndTheSameOnesAfterARestart(ClipModel model) throws Exception {
        BundledTask eight = new BundledTask(model, 8, 1);
        for (ContextMethod method : List.of(ContextMethod.GCSCOOP, ContextMethod.KGCOOP, ContextMethod.PROGRAD)) {
            UpdateResult exact = learner(eight, method, 0).begin(false).run(step -> {});
            UpdateResult bounded = learner(eight, method, 8).begin(false).run(step -> {});
            assertArrayEquals(exact.context().values(), bounded.context().values());
            assertEquals(exact.steps(), bounded.steps());

            ContinualLearner first = learner(eight, method, 4);
            UpdateResult sampled = first.begin(false).run(step -> {});
            first.finish(sampled);
            assertFalse(Arrays.equals(exact.context().values(), sampled.context().values()), "nothing was sampled");
            ContinualLearner second = learner(eight, method, 4);
            second.restore(1, false);
            second.restore(sampled.context());
            assertArrayEquals(first.begin(false).run(step -> {}).context().values(),
                    second.begin(false).run(step -> {}).context().values());
        }
    }

    @Test
    void theLossOfKgCoOpGoesWithAnyStep() {
        Map<Hyperparameter, Double> guided = Map.of(Hyperparameter.KNOWLEDGE_WEIGHT, Hyperparameter.KGCOOP_WEIGHT.defaultValue());
        assertArrayEquals(update(ContextMethod.KGCOOP).context().values(), update(ContextMethod.COOP, guided).context().values());
        float[] both = update(ContextMethod.GCSCOOP, guided).context().values();
        assertFalse(Arrays.equals(update(ContextMethod.GCSCOOP).context().values(), both));
        assertFalse(Arrays.equals(update(ContextMethod.KGCOOP).context().values(), both));
    }

    private UpdateResult update(ContextMethod method) {
        return update(method, Map.of());
    }

    private UpdateResult update(ContextMethod method, Map<Hyperparameter, Double> values) {
        return learner(bundled, new MethodSettings(method, values)).begin(false).run(step -> {});
    }

    private static ContinualLearner learner(BundledTask bundled, ContextMethod method, double classesPerStep) {
        return learner(bundled, new MethodSettings(method, Map.of(Hyperparameter.CLASSES_PER_STEP, classesPerStep)));
    }

    private static ContinualLearner learner(BundledTask bundled, MethodSettings method) {
        ContinualLearner learner = new ContinualLearner(
                new LearningSettings(method, SGD, LearningSettings.Start.DEFAULT,
                        new LearningSettings.Shots(1, 1, 256, 0), new LearningSettings.Update(2, STEPS, 1, WarmStart.CANDIDATE),
                        LearningSettings.Urgency.DEFAULT, 1),
                bundled.model);
        int[] labels = bundled.all().labels();
        for (int i = 0; i < labels.length; i++) {
            learner.offer(new Shot("image " + i, bundled.classes.get(labels[i]), bundled.images()[i]), 0);
        }
        return learner;
    }
}
