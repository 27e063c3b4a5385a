package dev.promptgate.load.report;

import dev.promptgate.load.observe.Accounts;
import dev.promptgate.load.observe.Accounts.Faults;
import dev.promptgate.load.report.RunReport.Machine;
import dev.promptgate.load.report.RunReport.Run;
import dev.promptgate.load.report.RunReport.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Reports with noise of a known size: each value depends on the one before, as those of a running system do. */
public final class Reports {
    private static final int SECONDS = 90;

    private Reports() {}

    /**
     * A run of a system that is so much slower than the usual one: latency and processor time grow by the factor, throughput falls by it.
     *
     * @param noise standard deviation, a part of each value
     */
    public static RunReport of(double slowdown, double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put("features_per_second", values(100 / slowdown, noise, random));
        series.put("push_p50_ms", values(8, noise, random));
        series.put("feature_p50_ms", values(60 * slowdown, noise, random));
        series.put("feature_p99_ms", values(220 * slowdown, noise, random));
        series.put("lag.encoder", values(6, noise, random));
        series.put("rss.encoder", values(4e8, noise / 10, random));
        series.put("cpu.encoder", values(0.5, noise, random));
        return report(new Accounts(9_000, 0, 8_900, 100, Faults.NONE, 8_700, 0, Map.of("truncated", 100L)), series, SECONDS, true);
    }

    static RunReport report(Accounts accounts, Map<String, List<Double>> series, double seconds, boolean drained) {
        Map<String, Object> feature = new LinkedHashMap<>(Map.of("meaning", "image due → feature readable", "count", 8_900L, "p50_ms", 60.0,
                "p90_ms", 100.0, "p95_ms", 150.0, "p99_ms", 220.0,
                "p99_9_ms", 1_500.0, "max_ms", 1_600.0));
        Run run = new Run("steady", "promptgate load steady --rate <100>", "2026-11-25T00:00:00Z", Map.of("images", 9_000),
                new Machine(2, 8_000, "a processor", "17", "Linux amd64"));
        return new RunReport(RunReport.FORMAT, run, new Timing(1, seconds, 10, drained, 3), accounts, Map.of("feature", feature),
                Map.of("candidates", 3), List.of("a note"), series);
    }

    private static List<Double> values(double mean, double noise, SplittableRandom random) {
        List<Double> values = new ArrayList<>();
        double drift = 0;
        for (int i = 0; i < SECONDS; i++) {
            drift = 0.6 * drift + 0.8 * random.nextGaussian(); // of variance one
            values.add(mean * Math.max(0.05, 1 + noise * drift));
        }
        return values;
    }
}
