package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.measure.MatrixWork;
import dev.promptgate.benchmarks.measure.ProductRate;
import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.load.service.ResidentMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench step}. */
@Command(name = "step", mixinStandardHelpOptions = true, description = "Times a full GCSCoOp step (two gradients and the update) over "
        + "77-token prompts and over the shared-prefix path, with the same random weights; over the latter alone above "
        + BenchStepCommand.MOST_FULL_LENGTH + " classes, where the former takes too much memory.", footer = {
                "", "Examples:", "  promptgate bench step --shape vit-b-16 --classes 50 --summary step.json",
                "  promptgate bench step --shape vit-b-16 --classes 10000 --summary step.json",
                "  promptgate bench step --shape vit-b-16 --classes 10000 --classes-per-step 0 --rounds 1"})
public final class BenchStepCommand implements Callable<Integer>, Computation {
    static final int MOST_FULL_LENGTH = 64; // of about 80 MB each at ViT-B/16
    private static final int STEPS_A_ROUND = 4;
    private static final int GRADIENTS = 2; // where it stands, and at the perturbed context
    private static final long ENOUGH_NANOS = TimeUnit.MINUTES.toNanos(1);

    @Option(names = "--shape", defaultValue = "vit-b-16", description = RandomModel.SHAPES + "; default ${DEFAULT-VALUE}")
    private String shape;

    @Option(names = "--classes", defaultValue = "50", description = "classes, with names of 1 to 4 tokens; default ${DEFAULT-VALUE}")
    private int classes;

    @Option(names = "--classes-per-step", defaultValue = "1000", description = "of these, the most that a step tells apart, as "
            + "learner.classes-per-step; 0 for all; default ${DEFAULT-VALUE}")
    private int classesPerStep;

    @Option(names = "--batch", defaultValue = "128", description = "images of a step; default ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--rounds", defaultValue = "3", description = "timed rounds: in each, one full-length step and four shared-prefix "
            + "ones, of which no further one begins after a minute; default ${DEFAULT-VALUE}")
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
        if (classesPerStep < 0 || classesPerStep > 0 && classesPerStep < classes && classesPerStep <= batch) {
            throw new IllegalArgumentException("--classes-per-step must exceed --batch, whose classes are all in a step, or be 0 for all");
        }
        try (ClipModel model = RandomModel.of(shape, new ComputeOptions(DeviceChoice.parse(device), Precision.FLOAT32))) {
            summary.report(measure(model), 34);
        }
        return 0;
    }

    private Map<String, Object> measure(ClipModel model) {
        RandomStep task = RandomStep.of(model, classes, batch);
        Objective step = task.objective(model, classesPerStep);
        Map<String, Object> figures = new LinkedHashMap<>();
        if (classes <= MOST_FULL_LENGTH) {
            compare(task, step, task.objective(model.textEncoder().fullLength()), figures);
        }
        long began = System.nanoTime();
        task.take(step);
        long arraysBefore = model.managedArrays();
        List<Double> millis = new ArrayList<>();
        do {
            millis.add(millis(task, step));
        } while (millis.size() < STEPS_A_ROUND * rounds && System.nanoTime() - began < ENOUGH_NANOS);
        figures.put("step_ms", median(millis));
        double product = ProductRate.of(model, model.config().text().tower(), false);
        int[] drawn = IntStream.range(0, perStep()).toArray(); // as long as others, on average
        double work = GRADIENTS * MatrixWork.gradient(model.config(), task.prompts().only(drawn));
        figures.put("product_gflops", product / 1e9);
        figures.put("share_of_product_rate", work / (median(millis) / 1e3) / product);
        figures.put("resident_mb", new ResidentMemory(ProcessHandle.current()).peak() / 1e6);
        figures.put("managed_arrays_growth", model.managedArrays() - arraysBefore);
        figures.put("shape", shape);
        figures.put("classes", classes);
        figures.put("classes_per_step", perStep());
        figures.put("batch", batch);
        return figures;
    }

    private int perStep() {
        return classesPerStep == 0 ? classes : Math.min(classes, classesPerStep);
    }

    /** The two ways of encoding the prompts in turns, so that a busy machine is unfair to neither. */
    private void compare(RandomStep task, Objective fast, Objective slow, Map<String, Object> figures) {
        float[] at = task.context().values();
        double difference = relativeDifference(fast.at(at).gradient(), slow.at(at).gradient()); // warms both up, too
        task.take(fast);
        List<Double> slowMillis = new ArrayList<>();
        List<Double> fastMillis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            slowMillis.add(millis(task, slow));
            for (int i = 0; i < STEPS_A_ROUND; i++) {
                fastMillis.add(millis(task, fast));
            }
        }
        figures.put("full_length_ms", median(slowMillis));
        figures.put("prefix_shared_ms", median(fastMillis));
        figures.put("ratio", median(slowMillis) / median(fastMillis));
        figures.put("max_relative_gradient_difference", difference);
    }

    private static double median(List<Double> values) {
        return new Median().evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double millis(RandomStep task, Objective objective) {
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
