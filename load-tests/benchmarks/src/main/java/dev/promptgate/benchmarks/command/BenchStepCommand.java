package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.learning.loss.PromptObjective;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench step}. */
@Command(name = "step", mixinStandardHelpOptions = true, description = "Times a full GCSCoOp step (two gradients and the update) over "
        + "77-token prompts and over the shared-prefix path, with the same random weights.", footer = {
                "", "Example: promptgate bench step --shape vit-b-16 --classes 50 --summary step.json"})
public final class BenchStepCommand implements Callable<Integer>, Computation {
    @Option(names = "--shape", defaultValue = "vit-b-16", description = RandomModel.SHAPES + "; default ${DEFAULT-VALUE}")
    private String shape;

    @Option(names = "--classes", defaultValue = "50", description = "classes, with names of 1 to 4 tokens; default ${DEFAULT-VALUE}")
    private int classes;

    @Option(names = "--batch", defaultValue = "128", description = "images of a step; default ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--rounds", defaultValue = "3", description = "timed rounds: in each, one full-length step and four shared-prefix "
            + "ones; default ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--device", defaultValue = "cpu", description = "cpu, gpu or auto; default ${DEFAULT-VALUE}")
    private String device;

    @Mixin
    private SummaryOption summary;

    @Override
    public Integer call() throws Exception {
        if (classes < 1 || batch < 1 || rounds < 1) {
            throw new IllegalArgumentException("--classes, --batch and --rounds must be positive");
        }
        try (ClipModel model = RandomModel.of(shape, new ComputeOptions(DeviceChoice.parse(device), Precision.FLOAT32))) {
            summary.report(measure(model), 34);
        }
        return 0;
    }

    private Map<String, Object> measure(ClipModel model) {
        RandomStep task = RandomStep.of(model, classes, batch);
        PromptObjective slow = task.objective(model.textEncoder().fullLength());
        PromptObjective fast = task.objective(model.textEncoder());
        float[] at = task.context().values();
        double difference = relativeDifference(fast.at(at).gradient(), slow.at(at).gradient()); // warms both up, too
        task.take(fast);
        long arraysBefore = model.managedArrays();
        double[] slowMillis = new double[rounds];
        double[] fastMillis = new double[4 * rounds];
        for (int round = 0; round < rounds; round++) {
            slowMillis[round] = millis(task, slow);
            for (int i = 0; i < 4; i++) {
                fastMillis[4 * round + i] = millis(task, fast);
            }
        }
        double full = new Median().evaluate(slowMillis);
        double shared = new Median().evaluate(fastMillis);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("full_length_ms", full);
        figures.put("prefix_shared_ms", shared);
        figures.put("ratio", full / shared);
        figures.put("max_relative_gradient_difference", difference);
        figures.put("managed_arrays_growth", model.managedArrays() - arraysBefore);
        figures.put("shape", shape);
        figures.put("classes", classes);
        figures.put("batch", batch);
        return figures;
    }

    private static double millis(RandomStep task, PromptObjective objective) {
        long began = System.nanoTime();
        task.take(objective);
        return (System.nanoTime() - began) / 1e6;
    }

    private static double relativeDifference(float[] actual, float[] expected) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        return difference / largest;
    }
}
