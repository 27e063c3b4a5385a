package dev.promptgate.experiments.landscape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.ComputeOptions;
import dev.promptgate.clip.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.PromptObjective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The landscape of the bundled model's loss at the hand-written prompt: 6 classes, 8 training images each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LandscapeIT {
    private ClipModel model;
    private float[] solution;
    private PromptObjective objective;
    private LossFunction lossOnly;

    @BeforeAll
    void load(@TempDir Path directory) throws Exception {
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(6).toList();
        List<float[]> pixels = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String name : classes) {
            for (SampleStream.Entry entry : SampleStream.entries().stream().filter(e -> e.label().equals(name) && e.split().equals("train")).limit(8).toList()) {
                pixels.add(model.preprocessor().preprocess(SampleStream.bytes(entry)));
                labels.add(classes.indexOf(name));
            }
        }
        CrossEntropy loss = new CrossEntropy(model.imageEncoder().encode(pixels), labels.stream().mapToInt(Integer::intValue).toArray(), model.logitScale());
        Context context = model.textEncoder().contextFrom("a photo of a");
        PromptSet prompts = model.textEncoder().prompts(classes, context.tokens());
        solution = context.values();
        objective = new PromptObjective(model.textEncoder(), prompts, context, loss);
        lossOnly = LossFunction.of(model.textEncoder(), prompts, context, loss);
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Test
    void theLossWithoutAGraphIsTheObjectives() {
        assertEquals(objective.at(solution).loss(), lossOnly.at(solution), 1e-5);
    }

    @Test
    void gradientAscentFindsMoreThanOneStepAndRandomDirectionsDo() {
        Sharpness sharpness = Sharpness.at(solution, objective, lossOnly, new SharpnessSettings(0.1, 2, 8, 20, 1));
        assertTrue(sharpness.firstOrder() > sharpness.average() + 3 * sharpness.averageError(), sharpness.toString());
        assertTrue(sharpness.worst() >= sharpness.firstOrder(), sharpness.toString());
        assertEquals(sharpness, Sharpness.at(solution, objective, lossOnly, new SharpnessSettings(0.1, 2, 8, 20, 1)));
    }

    @Test
    void noRandomDirectionCurvesMoreThanTheLargestEigenvalue() {
        HessianEigenvalue eigenvalue = HessianEigenvalue.greatest(solution, objective, HessianEigenvalue.Settings.defaults(1));
        assertTrue(eigenvalue.converged(), eigenvalue.toString());
        double here = lossOnly.at(solution);
        for (int seed = 0; seed < 10; seed++) {
            double[] direction = Directions.random(solution.length, new Random(seed));
            double step = 0.05;
            double beside = lossOnly.at(Directions.displaced(solution, step, direction)) + lossOnly.at(Directions.displaced(solution, -step, direction));
            double curvature = (beside - 2 * here) / (step * step);
            assertTrue(curvature < eigenvalue.value(), curvature + " along direction " + seed + ", " + eigenvalue);
        }
    }

    @Test
    void theGridIsTheSameForASeedAndLeavesNothingInNativeMemory() {
        LandscapeGrid.Settings settings = new LandscapeGrid.Settings(5, 0.5, true, 4);
        LandscapeGrid grid = LandscapeGrid.around(solution, lossOnly, settings);
        long arrays = model.managedArrays();
        assertArrayEquals(grid.loss(), LandscapeGrid.around(solution, lossOnly, settings).loss());
        assertEquals(arrays, model.managedArrays());
        assertEquals(lossOnly.at(solution), grid.loss()[2][2], 1e-6);
    }
}
