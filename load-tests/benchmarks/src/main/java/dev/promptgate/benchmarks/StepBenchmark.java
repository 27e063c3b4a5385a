package dev.promptgate.benchmarks;

import dev.promptgate.benchmarks.model.BundledClip;
import dev.promptgate.benchmarks.model.UnitVectors;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.learning.optimiser.CrossEntropy;
import dev.promptgate.learning.optimiser.Optimiser;
import dev.promptgate.learning.optimiser.OptimiserSettings;
import dev.promptgate.learning.optimiser.PromptObjective;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A whole GCSCoOp step: two gradients through the text tower and the update, batch of 128. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class StepBenchmark {
    private static final int CONTEXT_TOKENS = 4;
    private static final int BATCH = 128;

    @Param({BundledClip.MINI, BundledClip.VIT_B_16})
    public String model;

    @Param("50")
    public int classes;

    private ClipModel clip;
    private Context context;
    private PromptObjective objective;

    @Setup
    public void open() {
        clip = BundledClip.load(model);
        SplittableRandom random = new SplittableRandom(7);
        PromptSet prompts = clip.textEncoder().promptsFromTokenIds(suffixes(random), CONTEXT_TOKENS);
        float[] values = new float[CONTEXT_TOKENS * clip.textWidth()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
        }
        context = new Context(CONTEXT_TOKENS, clip.textWidth(), values);
        float[][] images = new float[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            images[i] = UnitVectors.next(clip.featureDim(), random);
        }
        CrossEntropy loss = new CrossEntropy(images, random.ints(BATCH, 0, classes).toArray(), clip.logitScale());
        objective = new PromptObjective(clip.textEncoder(), prompts, context, loss);
    }

    /** Names of 1 to 4 tokens, the full stop, EOS. */
    private int[][] suffixes(SplittableRandom random) {
        int[][] suffixes = new int[classes][];
        for (int c = 0; c < classes; c++) {
            suffixes[c] = random.ints(3 + c % 4, 1, clip.config().text().bosId()).toArray();
            suffixes[c][suffixes[c].length - 1] = clip.config().text().eosId();
        }
        return suffixes;
    }

    @TearDown
    public void close() {
        clip.close();
    }

    @Benchmark
    public Optimiser.Step step() {
        return new Optimiser(OptimiserSettings.defaults()).step(context.values(), objective, OptimiserSettings.DEFAULT_LEARNING_RATE);
    }
}
