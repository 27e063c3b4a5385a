package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.model.Shapes;
import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.SummaryFile;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.DeviceChoice;
import dev.promptgate.clip.engine.Precision;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.PromptedEncoder;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.Optimiser;
import dev.promptgate.learning.optimiser.OptimiserSettings;
import dev.promptgate.learning.optimiser.PromptObjective;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code promptgate bench step}. */
@Command(name = "step", mixinStandardHelpOptions = true, description = "Times a full GCSCoOp step (two gradients and the update) over 77-token prompts and over the shared-prefix path, with the same random weights.", footer = {
        "", "Example: promptgate bench step --shape vit-b-16 --classes 50 --summary step.json"})
public final class BenchStepCommand implements Callable<Integer>, Computation {
    private static final int CONTEXT_TOKENS = 4;

    @Option(names = "--shape", defaultValue = "vit-b-16", description = Shapes.NAMES + "; default ${DEFAULT-VALUE}")
    private String shape;

    @Option(names = "--classes", defaultValue = "50", description = "classes, with names of 1 to 4 tokens; default ${DEFAULT-VALUE}")
    private int classes;

    @Option(names = "--batch", defaultValue = "128", description = "images of a step; default ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--rounds", defaultValue = "3", description = "timed rounds: in each, one full-length step and four shared-prefix ones; default ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--device", defaultValue = "cpu", description = "cpu, gpu or auto; default ${DEFAULT-VALUE}")
    private String device;

    @Option(names = "--summary", paramLabel = "FILE", description = "writes the figures as JSON")
    private Path summary;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (classes < 1 || batch < 1 || rounds < 1) {
            throw new IllegalArgumentException("--classes, --batch and --rounds must be positive");
        }
        ClipConfig config = Shapes.named(shape);
        try (ClipModel model = ClipModel.random(config, 1, new ComputeOptions(DeviceChoice.parse(device), Precision.FLOAT32))) {
            Map<String, Object> figures = measure(model, config);
            figures.forEach((name, value) -> spec.commandLine().getOut().printf("%-34s %s%n", name, value));
            SummaryFile.write(summary, figures);
        }
        return 0;
    }

    private Map<String, Object> measure(ClipModel model, ClipConfig config) {
        SplittableRandom random = new SplittableRandom(7);
        PromptSet prompts = model.textEncoder().promptsFromTokenIds(suffixes(config, random), CONTEXT_TOKENS);
        Context context = new Context(CONTEXT_TOKENS, model.textWidth(), gaussian(CONTEXT_TOKENS * model.textWidth(), 0.02, random));
        float[][] images = new float[batch][];
        for (int i = 0; i < batch; i++) {
            images[i] = unit(gaussian(model.featureDim(), 1, random));
        }
        int[] labels = random.ints(batch, 0, classes).toArray();
        PromptedEncoder full = model.textEncoder().fullLength();
        CrossEntropy loss = new CrossEntropy(images, labels, model.logitScale());
        PromptObjective slow = new PromptObjective(full, prompts, context, loss);
        PromptObjective fast = new PromptObjective(model.textEncoder(), prompts, context, loss);
        double difference = relativeDifference(fast.at(context.values()).gradient(), slow.at(context.values()).gradient()); // warms both
                                                                                                                            // up, too
        step(fast, context);
        long arraysBefore = model.managedArrays();
        double[] slowMillis = new double[rounds];
        double[] fastMillis = new double[4 * rounds];
        for (int round = 0; round < rounds; round++) {
            slowMillis[round] = step(slow, context);
            for (int i = 0; i < 4; i++) {
                fastMillis[4 * round + i] = step(fast, context);
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("full_length_ms", median(slowMillis));
        figures.put("prefix_shared_ms", median(fastMillis));
        figures.put("ratio", median(slowMillis) / median(fastMillis));
        figures.put("max_relative_gradient_difference", difference);
        figures.put("managed_arrays_growth", model.managedArrays() - arraysBefore);
        figures.put("shape", shape);
        figures.put("classes", classes);
        figures.put("batch", batch);
        return figures;
    }

    private static double step(PromptObjective objective, Context context) {
        long began = System.nanoTime();
        new Optimiser(OptimiserSettings.defaults()).step(context.values(), objective, OptimiserSettings.DEFAULT_LEARNING_RATE);
        return (System.nanoTime() - began) / 1e6;
    }

    /** Names of 1 to 4 random tokens, the full stop, EOS. */
    private int[][] suffixes(ClipConfig config, SplittableRandom random) {
        int[][] suffixes = new int[classes][];
        for (int c = 0; c < classes; c++) {
            int name = 1 + c % 4;
            suffixes[c] = new int[name + 2];
            for (int t = 0; t <= name; t++) {
                suffixes[c][t] = random.nextInt(config.text().bosId());
            }
            suffixes[c][name + 1] = config.text().eosId();
        }
        return suffixes;
    }

    private static float[] gaussian(int size, double scale, SplittableRandom random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    private static float[] unit(float[] values) {
        double norm = 0;
        for (float value : values) {
            norm += value * value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= (float) Math.sqrt(norm);
        }
        return values;
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

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
