package dev.promptgate.benchmarks;

import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** The gate's verdict on a candidate that differs from the live prompt on one image in fifty, against live and best. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GateBenchmark extends AverageTimeBenchmark {
    /** Held-out images of seen classes; half as many of unseen ones. */
    @Param({"1000", "100000"})
    public int images;

    private List<GateEvidence> evidence;

    @Setup
    public void open() {
        evidence = List.of(new GateEvidence("live", pairs(images), pairs(images / 2)),
                new GateEvidence("best", pairs(images), pairs(images / 2)));
    }

    private static PairedOutcomes pairs(int images) {
        int differing = images / 100;
        return new PairedOutcomes(images / 2, differing, differing, images - images / 2 - 2 * differing);
    }

    @Benchmark
    public Verdict decide() {
        return RolloutGate.decide(GateSettings.DEFAULT, evidence, 10, 1);
    }
}
