package dev.promptgate.benchmarks;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.learning.loss.PromptObjective;
import dev.promptgate.learning.training.Optimiser;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** A whole GCSCoOp step: two gradients through the text tower and the update, batch of 128. */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class StepBenchmark extends AverageTimeBenchmark {
    private static final int BATCH = 128;

    @Param({"mini", "vit-b-16"})
    public String model;

    @Param("50")
    public int classes;

    private RandomStep step;
    private PromptObjective objective;

    @Setup
    public void open() {
        clip = RandomModel.of(model, ComputeOptions.cpu());
        step = RandomStep.of(clip, classes, BATCH);
        objective = step.objective(clip.textEncoder());
    }

    @Benchmark
    public Optimiser.Step step() {
        return step.take(objective);
    }
}
