package dev.promptgate.load.compare;

import dev.promptgate.load.report.RunReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Something that two runs are compared in.
 *
 * @param name for people, with its unit
 * @param higherIsWorse whether more of it is bad
 * @param least change of the median that matters, a part of the earlier one
 * @param leastAbsolute the same in the metric's unit; both must be exceeded
 * @param values one a block of intervals, those without an answer left out
 */
record Metric(String name, boolean higherIsWorse, double least, double leastAbsolute, Function<RunReport, List<Double>> values) {
    /** Intervals a block: neighbours are alike, and the test wants values that do not depend on each other. */
    private static final int BLOCK = 4;
    private static final List<String> SERVICES = List.of("encoder", "learner", "evaluator");

    static List<Metric> all() {
        List<Metric> metrics = new ArrayList<>(List.of(
                new Metric("throughput, features/s", false, 0.1, 1, report -> blocks(report, "features_per_second")),
                new Metric("push latency p50, ms", true, 0.1, 2, report -> blocks(report, "push_p50_ms")),
                new Metric("feature latency p50, ms", true, 0.1, 5, report -> blocks(report, "feature_p50_ms")),
                new Metric("feature latency p99, ms", true, 0.15, 10, report -> blocks(report, "feature_p99_ms")),
                new Metric("encoder lag, records", true, 0.15, 25, report -> blocks(report, "lag.encoder")),
                new Metric("learner lag, records", true, 0.15, 25, report -> blocks(report, "lag.learner")),
                new Metric("evaluator lag, records", true, 0.15, 25, report -> blocks(report, "lag.evaluator"))));
        for (String service : SERVICES) {
            // A JVM keeps what its heap once grew to: of equal runs one may hold a third more than the other, from beginning to end.
            metrics.add(new Metric(service + " memory (RSS), MB", true, 0.5, 100,
                    report -> blocks(report, "rss." + service).stream().map(bytes -> bytes / 1e6).toList()));
        }
        metrics.add(new Metric("encoder CPU per feature, ms", true, 0.1, 0.2, Metric::cpuPerFeature));
        return metrics;
    }

    /** Means over blocks of intervals under load, the warm-up left out. */
    private static List<Double> blocks(RunReport report, String name) {
        List<Double> series = report.series(name);
        int from = (int) Math.ceil(report.timing().warmUpSeconds() / report.timing().intervalSeconds());
        int to = Math.min(series.size(), (int) Math.floor(report.timing().loadSeconds() / report.timing().intervalSeconds()));
        List<Double> blocks = new ArrayList<>();
        for (int begin = from; begin + BLOCK <= to; begin += BLOCK) {
            series.subList(begin, begin + BLOCK).stream().filter(value -> value != null).mapToDouble(Double::doubleValue).average()
                    .ifPresent(blocks::add);
        }
        return blocks;
    }

    private static List<Double> cpuPerFeature(RunReport report) {
        List<Double> cores = blocks(report, "cpu.encoder");
        List<Double> rates = blocks(report, "features_per_second");
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < Math.min(cores.size(), rates.size()); i++) {
            if (rates.get(i) > 0) {
                values.add(1000 * cores.get(i) / rates.get(i));
            }
        }
        return values;
    }
}
