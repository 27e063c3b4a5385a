package dev.promptgate.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo came to.
 *
 * @param images pushed
 * @param measurement the last report of kind measurement
 * @param millis from the first image pushed to the end
 * @param encodeMillis of these, while images of a wave were on their way to features
 */
record DemoSummary(long images, long features, long rejected, TopicWatch watch, JsonNode measurement, long millis, long encodeMillis, long seed) {
    private static final List<String> PROTOCOLS = List.of("seen", "unseen", "hm", "joint");

    boolean isComplete() {
        return images == features + rejected;
    }

    Map<String, Object> json() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("images", images);
        summary.put("features", features);
        summary.put("rejected", rejected);
        summary.put("candidates", watch.outcomes());
        summary.put("rollouts", watch.rollouts());
        summary.put("zero_shot", accuracies("zero_shot"));
        summary.put("live", accuracies("live"));
        Map<String, Object> freshness = new LinkedHashMap<>();
        freshness.put("p50", freshnessSeconds(0.5));
        freshness.put("max", freshnessSeconds(1));
        summary.put("freshness_seconds", freshness);
        summary.put("images_per_second", imagesPerSecond());
        summary.put("verdicts", watch.verdicts());
        summary.put("seed", seed);
        summary.put("duration_seconds", millis / 1000.0);
        return summary;
    }

    private Map<String, Object> accuracies(String prompt) {
        Map<String, Object> values = new LinkedHashMap<>();
        PROTOCOLS.forEach(protocol -> values.put(protocol, measurement.path(prompt).path(protocol).asDouble()));
        return values;
    }

    private Double freshnessSeconds(double quantile) {
        List<Long> sorted = watch.freshnessMillis().stream().sorted().toList();
        return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1000.0;
    }

    private double imagesPerSecond() {
        return images * 1000.0 / encodeMillis;
    }

    void print(PrintWriter out) {
        out.printf(Locale.ROOT, "%n%-12s %16s %16s %10s%n", "accuracy", "hand-written", "live prompt", "change");
        for (String protocol : PROTOCOLS) {
            double zeroShot = 100 * measurement.path("zero_shot").path(protocol).asDouble();
            double live = 100 * measurement.path("live").path(protocol).asDouble();
            out.printf(Locale.ROOT, "%-12s %15.2f%% %15.2f%% %+9.2f%n", protocol, zeroShot, live, live - zeroShot);
        }
        out.printf(Locale.ROOT, "%nimages       %d in = %d features + %d rejected%s%n", images, features, rejected, isComplete() ? "" : "  MISMATCH");
        out.printf(Locale.ROOT, "candidates   %s, rollouts %d%n", watch.outcomes(), watch.rollouts());
        out.printf(Locale.ROOT, "freshness    p50 %s s, max %s s from a class's last needed shot to the rollout that contains it%n", freshnessSeconds(0.5), freshnessSeconds(1));
        out.printf(Locale.ROOT, "throughput   %.0f images/s from push to committed feature; whole run %.1f s%n", imagesPerSecond(), millis / 1000.0);
        out.flush();
    }
}
