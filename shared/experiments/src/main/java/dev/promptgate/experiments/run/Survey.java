package dev.promptgate.experiments.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.experiments.landscape.HessianEigenvalue;
import dev.promptgate.experiments.landscape.LandscapeGrid;
import dev.promptgate.experiments.landscape.LossFunction;
import dev.promptgate.experiments.landscape.Sharpness;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.PromptObjective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Measures the loss around the solutions of finished cells: cross-entropy whatever the method trained on, with the same random directions
 * for all. Methods without one context for all images have no such landscape. Blocking; one thread.
 */
public final class Survey {
    /** The loss around a solution, over all its training images as they are; the curvature is the greatest eigenvalue of the Hessian. */
    public record Surroundings(Sharpness sharpness, HessianEigenvalue curvature, LandscapeGrid grid) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 1;
    /** Of the map, in the context's unit: four times the radius that SAM looks in. */
    private static final LandscapeGrid.Settings GRID = new LandscapeGrid.Settings(21, 0.4, SEED);

    private final Plan plan;
    private final DigestFolder folder;

    /** Finished surveys are looked up in the folder, and put there. */
    public Survey(Plan plan, Path folder) throws IOException {
        this.plan = plan;
        this.folder = new DigestFolder(folder,
                plan.circumstances() + GRID + Sharpness.Settings.defaults(SEED) + HessianEigenvalue.Settings.defaults(SEED));
    }

    /** @throws IOException if the result cannot be written */
    public Optional<Surroundings> of(CellResult result) throws IOException {
        Optional<Context> context = result.outcome().context();
        if (context.isEmpty()) {
            return Optional.empty();
        }
        String here = Arrays.toString(context.get().values());
        Optional<Surroundings> earlier = folder.find(result.cell(), here, bytes -> JSON.readValue(bytes, Surroundings.class));
        if (earlier.isPresent()) {
            return earlier;
        }
        Surroundings found = measure(plan.protocol().lastTask(plan.setting(), plan.run(result.cell(), report -> {})), context.get());
        folder.save(result.cell(), here, JSON.writeValueAsBytes(found));
        return Optional.of(found);
    }

    private static Surroundings measure(TrainingTask task, Context context) {
        TextEncoder encoder = task.model().textEncoder();
        PromptSet prompts = encoder.prompts(task.classes(), context.tokens());
        CrossEntropy loss = new CrossEntropy(task.samples().stream().map(sample -> sample.views()[0]).toArray(float[][]::new),
                task.samples().stream().mapToInt(sample -> sample.classIndex()).toArray(), task.model().logitScale());
        PromptObjective objective = new PromptObjective(encoder, prompts, context, loss);
        LossFunction lossOnly = LossFunction.of(encoder, prompts, context, loss);
        return new Surroundings(Sharpness.at(context.values(), objective, lossOnly, Sharpness.Settings.defaults(SEED)),
                HessianEigenvalue.greatest(context.values(), objective, HessianEigenvalue.Settings.defaults(SEED)),
                LandscapeGrid.around(context.values(), lossOnly, GRID));
    }
}
