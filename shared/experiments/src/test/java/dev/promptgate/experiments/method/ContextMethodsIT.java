package dev.promptgate.experiments.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.StepClasses;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every method that learns a context, on real features. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class ContextMethodsIT {
    private static final TrainingSettings SHORT = new TrainingSettings(4, 16, 0.002, 1, 0.9, 5e-4);

    private final Map<String, Run> runs = new HashMap<>();
    private BundledTask bundled;
    private Context handWritten;

    private record Run(float[] learned, List<StepReport> reports) {}

    @BeforeAll
    void load(ClipModel model) throws Exception {
        bundled = new BundledTask(model, 6, 8);
        handWritten = bundled.model.textEncoder().contextFrom("a photo of a");
    }

    @TestFactory
    Stream<DynamicTest> everyMethodLowersItsTrainingLoss() {
        return each((method, learner) -> {
            TrainingTask task = bundled.task(SHORT, 1);
            Objective loss = lossOf(learner, task);
            double before = loss.at(handWritten.values()).loss();
            Run run = firstRun(method);
            double after = loss.at(run.learned()).loss();
            System.out.printf("%-14s training loss %.4f to %.4f, %d steps%n", method.name(), before, after, run.reports().size());
            assertEquals(learner.steps(task), run.reports().size());
            assertTrue(after < before - 1e-4, "the training loss went from " + before + " to " + after);
        });
    }

    @TestFactory
    Stream<DynamicTest> theOrderOfTheClassesChangesNothing() {
        return each((method, learner) -> {
            float[] learned = firstRun(method).learned();
            float[] other = values(learner.learn(bundled.permuted(new int[] {3, 0, 5, 1, 4, 2}, SHORT, 1), Optional.empty(), step -> {}));
            double apart = distance(learned, other) / distance(learned, handWritten.values());
            assertTrue(apart < 1e-3, "the contexts differ by " + apart + " of what was learned");
        });
    }

    @TestFactory
    Stream<DynamicTest> theSameSeedGivesTheSameContext() {
        return each((method, learner) -> {
            assertArrayEquals(firstRun(method).learned(), values(learner.learn(bundled.task(SHORT, 1), Optional.empty(), step -> {})));
        });
    }

    @Test
    void anotherSeedGivesAnotherContext() {
        ComparedMethod coop = ComparedMethod.named("coop");
        assertFalse(Arrays.equals(firstRun(coop).learned(),
                values(coop.learner().learn(bundled.task(SHORT, 2), Optional.empty(), step -> {}))));
    }

    @Test
    void withoutPerturbationGcscoopLearnsWhatCoopLearns() {
        assertArrayEquals(firstRun(ComparedMethod.named("coop")).learned(), firstRun(ComparedMethod.named("gcscoop-rho0")).learned());
    }

    /** Through the text tower, along random directions; a float32 loss allows no closer look. */
    @Test
    void kgCoOpsGradientIsThatOfFiniteDifferences() {
        TrainingTask task = bundled.task(SHORT, 1);
        Objective loss = lossOf((ContextLearner) ComparedMethod.named("kgcoop").learner(), task);
        Random random = new Random(3);
        float[] at = moved(handWritten.values(), 0.02, direction(random));
        LossGradient here = loss.at(at);
        for (int i = 0; i < 5; i++) {
            float[] direction = direction(random);
            double numeric = (loss.at(moved(at, 2e-3, direction)).loss() - loss.at(moved(at, -2e-3, direction)).loss()) / 4e-3;
            double analytic = 0;
            for (int d = 0; d < at.length; d++) {
                analytic += (double) here.gradient()[d] * direction[d];
            }
            assertEquals(numeric, analytic, 0.01 * Math.max(1, Math.abs(numeric)));
        }
    }

    @Test
    void proGradStartsAsCoOpAndThenHoldsOn() {
        TrainingTask task = bundled.task(SHORT, 1);
        Objective coop = lossOf((ContextLearner) ComparedMethod.named("coop").learner(), task);
        Objective prograd = lossOf((ContextLearner) ComparedMethod.named("prograd").learner(), task);
        assertArrayEquals(coop.at(handWritten.values()).gradient(), prograd.at(handWritten.values()).gradient());
        float[] learned = firstRun(ComparedMethod.named("coop")).learned();
        assertEquals(coop.at(learned).loss(), prograd.at(learned).loss());
        assertFalse(Arrays.equals(coop.at(learned).gradient(), prograd.at(learned).gradient()), "nothing conflicted");
    }

    private interface Check {
        void on(ComparedMethod method, ContextLearner learner) throws Exception;
    }

    private static Stream<DynamicTest> each(Check check) {
        return ComparedMethod.all().stream().filter(method -> method.learner() instanceof ContextLearner)
                .map(method -> DynamicTest.dynamicTest(method.name(), () -> check.on(method, (ContextLearner) method.learner())));
    }

    /** With seed 1, the classes as they are. */
    private Run firstRun(ComparedMethod method) {
        return runs.computeIfAbsent(method.name(), name -> {
            List<StepReport> reports = new ArrayList<>();
            Classifier learned = method.learner().learn(bundled.task(SHORT, 1), Optional.empty(), reports::add);
            return new Run(values(learned), reports);
        });
    }

    private Objective lossOf(ContextLearner learner, TrainingTask task) {
        PromptSet prompts = task.model().textEncoder().prompts(task.classes(), handWritten.tokens());
        return learner.method().loss().prepare(task.model(), prompts, handWritten).of(bundled.all(), StepClasses.all(prompts.size()));
    }

    private static float[] values(Classifier learned) {
        return learned.context().orElseThrow().values();
    }

    private float[] direction(Random random) {
        float[] direction = new float[handWritten.values().length];
        double squares = 0;
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) random.nextGaussian();
            squares += (double) direction[i] * direction[i];
        }
        return moved(new float[direction.length], 1 / Math.sqrt(squares), direction);
    }

    private static float[] moved(float[] from, double factor, float[] direction) {
        float[] moved = from.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (factor * direction[i]);
        }
        return moved;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow((double) a[i] - b[i], 2);
        }
        return Math.sqrt(squares);
    }
}
