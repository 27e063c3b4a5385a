package dev.promptgate.experiments.method.cocoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.experiments.method.BundledTask;
import dev.promptgate.experiments.method.Epochs;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.loss.StepClasses;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** CoCoOp's loss and gradient through the bundled model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class CoCoOpObjectiveIT {
    private ClipModel model;
    private TrainingTask task;
    private PromptSet prompts;
    private Context handWritten;
    private ConditionalContext conditional;
    private Batch batch;

    @BeforeAll
    void encode(ClipModel bundledModel) throws Exception {
        model = bundledModel;
        task = new BundledTask(model, 5, 2).task(new TrainingSettings(50, 32, 0.002, 1, 0.9, 5e-4), 3);
        prompts = model.textEncoder().prompts(task.classes(), 4);
        handWritten = model.textEncoder().contextFrom(task.contextInit());
        conditional = new ConditionalContext(handWritten, MetaNet.between(model.featureDim(), model.textWidth()));
        batch = new Epochs(task.samples(), 4, 3).next();
    }

    @Test
    void theGradientIsThatOfFiniteDifferencesInEveryBlock() {
        float[] parameters = ConditionalContext.start(handWritten, conditional.net(), 11);
        float[] gradient = at(parameters).gradient();
        MetaNet net = conditional.net();
        int w1 = handWritten.values().length;
        int[] starts = {0, w1, w1 + net.hidden() * net.dim(), w1 + net.hidden() * (net.dim() + 1), parameters.length - net.width(),
                parameters.length};
        for (int block = 0; block < 5; block++) {
            assertSteepestAreRight(parameters, gradient, starts[block], starts[block + 1]);
        }
    }

    /** The three coordinates of a block that matter most to the loss. */
    private void assertSteepestAreRight(float[] parameters, float[] gradient, int from, int to) {
        int[] steepest = IntStream.range(from, to).boxed().sorted(Comparator.comparingDouble(i -> -Math.abs(gradient[i]))).limit(3)
                .mapToInt(Integer::intValue).toArray();
        for (int i : steepest) {
            assertTrue(Math.abs(gradient[i]) > 1e-3, "the loss hardly depends on parameter " + i);
            double slope = slope(parameters, i, gradient[i]);
            assertEquals(slope, gradient[i], 0.03 * Math.abs(slope), "parameter " + i + " of the block from " + from);
        }
    }

    /** By differences of the fourth order; the mean over some steps, since the loss is known to float precision only. */
    private double slope(float[] parameters, int i, float gradient) {
        return DoubleStream.of(1e-4, 1.4e-4, 1.8e-4, 2.2e-4, 2.6e-4).map(change -> {
            float step = (float) (change / Math.abs(gradient)); // small enough that no unit crosses its relu
            return (8 * rise(parameters, i, step) - rise(parameters, i, 2 * step)) / (12 * step);
        }).average().orElseThrow();
    }

    private double rise(float[] parameters, int i, float step) {
        return at(moved(parameters, i, step)).loss() - at(moved(parameters, i, -step)).loss();
    }

    @Test
    void withoutAShiftTheLossAndTheContextsGradientAreCoOps() {
        float[] parameters = Arrays.copyOf(handWritten.values(), conditional.size()); // all of the meta-net is zero
        LossGradient mine = at(parameters);
        LossGradient coop = MethodLoss.crossEntropy(LabelLoss.CROSS_ENTROPY).prepare(model, prompts, handWritten)
                .of(batch, StepClasses.all(prompts.size())).at(handWritten.values());
        assertEquals(coop.loss(), mine.loss(), 1e-5);
        assertArrayEquals(coop.gradient(), Arrays.copyOf(mine.gradient(), coop.gradient().length), 1e-4f);
    }

    private LossGradient at(float[] parameters) {
        return new CoCoOpLearner.BatchLoss(model.textEncoder().conditional(), prompts, conditional, batch, model.logitScale())
                .at(parameters);
    }

    private static float[] moved(float[] values, int at, float step) {
        float[] moved = values.clone();
        moved[at] += step;
        return moved;
    }
}
