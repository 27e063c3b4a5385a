package dev.promptgate.benchmarks;

import dev.promptgate.clip.ClipModel;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the benchmarks of JMH have in common: the mean time of a call, in one process of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
public abstract class AverageTimeBenchmark {
    /** Those that want a model open it; it is closed behind each. */
    protected ClipModel clip;

    @TearDown
    public void close() {
        if (clip != null) {
            clip.close();
        }
    }
}
