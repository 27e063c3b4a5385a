package dev.promptgate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs; for figures they are run in full, see the README. */
class BenchmarksIT {
    @Test
    void everyBenchmarkRuns() throws RunnerException {
        Collection<RunResult> results = new Runner(
                new OptionsBuilder().include("dev\\.promptgate\\.benchmarks\\..*").forks(0).warmupIterations(0).measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(50)).timeout(TimeValue.minutes(1)).param("model", "mini")
                        .param("classes", "50").param("images", "1000").param("size", "sample").shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT).build())
                .run();
        Set<String> names = results.stream().map(result -> result.getParams().getBenchmark().replaceFirst(".*benchmarks\\.", ""))
                .collect(Collectors.toSet());
        assertEquals(Set.of("StepBenchmark.step", "EncodeBenchmark.encode", "DecodeBenchmark.decode", "CodecBenchmark.featureEncode",
                "CodecBenchmark.featureDecode",
                "CodecBenchmark.snapshotEncode", "CodecBenchmark.snapshotDecode", "GateBenchmark.decide",
                "PredictionBenchmark.score", "PredictionBenchmark.predict", "CalibrationBenchmark.score",
                "CalibrationBenchmark.calibrate", "ArrivalBenchmark.arrive"), names);
        results.forEach(result -> assertTrue(
                result.getPrimaryResult().getScore() > 0 && result.getParams().getTimeUnit().compareTo(TimeUnit.MILLISECONDS) <= 0,
                result.toString()));
    }
}
