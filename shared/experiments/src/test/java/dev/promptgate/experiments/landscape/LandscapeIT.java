package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.experiments.method.BundledTask;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.PromptObjective;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The landscape of the bundled model's loss at the hand-written prompt: 6 classes, 8 training images each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class LandscapeIT {
    private ClipModel model;
    private float[] solution;
    private PromptObjective objective;
    private LossFunction lossOnly;

    @BeforeAll
    void encode(ClipModel bundledModel) throws Exception {
        model = bundledModel;
        BundledTask bundled = new BundledTask(model, 6, 8);
        List<String> classes = bundled.task(new TrainingSettings(1, 1, 1, 0, 0, 0), 1).classes();
        CrossEntropy loss = new CrossEntropy(bundled.all().images(), bundled.all().labels(), model.logitScale());
        Context context = model.textEncoder().contextFrom("a photo of a");
        PromptSet prompts = model.textEncoder().prompts(classes, context.tokens());
        solution = context.values();
        objective = new PromptObjective(model.textEncoder(), prompts, context, loss);
        lossOnly = LossFunction.of(model.textEncoder(), prompts, context, loss);
    }

    @Test
    void theLossWithoutAGraphIsTheObjectives() {
        assertEquals(objective.at(solution).loss(), lossOnly.at(solution), 1e-5);
    }

    @Test
    void gradientAscentFindsMoreThanOneStepAndRandomDirectionsDo() {
        Sharpness sharpness = Sharpness.at(solution, objective, lossOnly, new Sharpness.Settings(0.1, 2, 8, 20, 1));
        assertTrue(sharpness.firstOrder() > sharpness.average() + 3 * sharpness.averageError(), sharpness.toString());
        assertTrue(sharpness.worst() >= sharpness.firstOrder(), sharpness.toString());
        assertEquals(sharpness, Sharpness.at(solution, objective, lossOnly, new Sharpness.Settings(0.1, 2, 8, 20, 1)));
    }

    @Test
    void noRandomDirectionCurvesMoreThanTheLargestEigenvalue() {
        HessianEigenvalue eigenvalue = HessianEigenvalue.greatest(solution, objective, HessianEigenvalue.Settings.defaults(1));
        assertTrue(eigenvalue.converged(), eigenvalue.toString());
        double here = lossOnly.at(solution);
        for (int seed = 0; seed < 10; seed++) {
            RealVector direction = Directions.random(solution.length, new Random(seed));
            double step = 0.05;
            double beside = lossOnly.at(Directions.displaced(solution, step, direction))
                    + lossOnly.at(Directions.displaced(solution, -step, direction));
            double curvature = (beside - 2 * here) / (step * step);
            assertTrue(curvature < eigenvalue.value(), curvature + " along direction " + seed + ", " + eigenvalue);
        }
    }

    @Test
    void theGridIsTheSameForASeedAndLeavesNothingInNativeMemory() {
        LandscapeGrid.Settings settings = new LandscapeGrid.Settings(5, 0.5, 4);
        LandscapeGrid grid = LandscapeGrid.around(solution, lossOnly, settings);
        long arrays = model.managedArrays();
        assertArrayEquals(grid.loss(), LandscapeGrid.around(solution, lossOnly, settings).loss());
        assertEquals(arrays, model.managedArrays());
        assertEquals(lossOnly.at(solution), grid.loss()[2][2], 1e-6);
    }
}
