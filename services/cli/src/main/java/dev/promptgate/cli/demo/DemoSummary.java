package dev.promptgate.cli.demo;

import dev.promptgate.messaging.report.ComparedPrompts.AccuracyFigures;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures.Waves;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * What the demo came to.
 *
 * @param measurement the last report of kind measurement
 * @param millis from the first image pushed to the end
 * @param encodeMillis of these, while images of a wave were on their way to features
 */
record DemoSummary(Tally tally, TopicWatch watch, MeasurementReport measurement, long millis, long encodeMillis, long seed) {
    /**
     * What became of the images.
     *
     * @param images pushed
     * @param skipped not pushed: unreadable or too large
     */
    record Tally(long images, long features, long rejected, long skipped) {}

    boolean isComplete() {
        return tally.images == tally.features + tally.rejected;
    }

    /** @param subject what was played on what, in words; empty for the bundled stream and model */
    Map<String, Object> json(Map<String, String> subject) {
        Map<String, Object> summary = new LinkedHashMap<>(subject);
        summary.put("images", tally.images);
        summary.put("features", tally.features);
        summary.put("rejected", tally.rejected);
        if (tally.skipped > 0) {
            summary.put("skipped", tally.skipped);
        }
        summary.put("candidates", watch.outcomes());
        summary.put("rollouts", watch.rollouts());
        summary.put("zero_shot", accuracies(measurement, Role.ZERO_SHOT));
        summary.put("live", accuracies(measurement, Role.LIVE));
        summary.put("continual", continual());
        Map<String, Object> freshness = new LinkedHashMap<>();
        freshness.put("p50", freshnessSeconds(50));
        freshness.put("max", freshnessSeconds(100));
        summary.put("freshness_seconds", freshness);
        summary.put("images_per_second", imagesPerSecond());
        summary.put("verdicts", watch.verdicts());
        summary.put("seed", seed);
        summary.put("duration_seconds", millis / 1000.0);
        return summary;
    }

    /** Fractions by protocol; 0 where there was no image to tell. */
    static Map<String, Double> accuracies(MeasurementReport measurement, Role role) {
        AccuracyFigures figures = measurement.comparison().flatMap(comparison -> comparison.accuracies(role)).orElseThrow();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("seen", figures.seen());
        values.put("unseen", figures.unseen());
        values.put("hm", figures.hm());
        values.put("joint", figures.joint());
        values.replaceAll((protocol, value) -> Double.isNaN(value) ? 0 : value);
        return values;
    }

    /** Over the waves, and prequential on classes not trained yet; null where unknown. */
    private Map<String, Object> continual() {
        ContinualFigures figures = measurement.after().continual().orElseThrow();
        Waves live = figures.live();
        Waves zeroShot = figures.zeroShot();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("waves", live.waves());
        values.put("average_accuracy", known(live.averageAccuracy()));
        values.put("zero_shot_average_accuracy", known(zeroShot.averageAccuracy()));
        values.put("mean_forgetting", known(live.meanForgetting()));
        values.put("zero_shot_mean_forgetting", known(zeroShot.meanForgetting()));
        values.put("backward_transfer", known(live.backwardTransfer()));
        values.put("zero_shot_backward_transfer", known(zeroShot.backwardTransfer()));
        values.put("prequential_unseen", known(measurement.prequentialUnseen().accuracy()));
        values.put("prequential_images", measurement.prequentialUnseen().images());
        return values;
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static String percent(Object fraction) {
        return fraction == null ? "–" : String.format(Locale.ROOT, "%.1f%%", 100 * (Double) fraction);
    }

    private static String points(Object fraction) {
        return fraction == null ? "–" : String.format(Locale.ROOT, "%+.2f", 100 * (Double) fraction);
    }

    /** By the nearest rank; null if nothing was rolled out. */
    private Double freshnessSeconds(double percent) {
        double[] seconds = watch.freshnessMillis().stream().mapToDouble(millis -> millis / 1000.0).toArray();
        return seconds.length == 0 ? null : new Percentile(percent).withEstimationType(EstimationType.R_1).evaluate(seconds);
    }

    private double imagesPerSecond() {
        return tally.images * 1000.0 / Math.max(1, encodeMillis);
    }

    /** @param subject as for {@link #json} */
    void print(PrintWriter out, Map<String, String> subject) {
        out.println();
        subject.forEach((name, value) -> out.printf("%-12s %s%n", name, value));
        out.printf(Locale.ROOT, "%-12s %16s %16s %10s%n", "accuracy", "hand-written", "live prompt", "change");
        Map<String, Double> zeroShot = accuracies(measurement, Role.ZERO_SHOT);
        accuracies(measurement, Role.LIVE).forEach((protocol, live) -> out.printf(Locale.ROOT, "%-12s %15.2f%% %15.2f%% %+9.2f%n", protocol,
                100 * zeroShot.get(protocol), 100 * live, 100 * live - 100 * zeroShot.get(protocol)));
        out.printf(Locale.ROOT, "%nimages       %d in = %d features + %d rejected%s%s%n", tally.images, tally.features, tally.rejected,
                tally.skipped == 0 ? "" : "; %d skipped".formatted(tally.skipped), isComplete() ? "" : "  MISMATCH");
        out.printf(Locale.ROOT, "candidates   %s, rollouts %d%s%n", watch.outcomes(), watch.rollouts(),
                watch.rollouts() == 0 ? ": the hand-written prompt is still live" : "");
        Map<String, Object> continual = continual();
        out.printf(Locale.ROOT,
                "waves        %s; average accuracy %s, mean forgetting %s, backward transfer %s points (hand-written: %s, %s, %s)%n",
                continual.get("waves"),
                percent(continual.get("average_accuracy")), points(continual.get("mean_forgetting")),
                points(continual.get("backward_transfer")),
                percent(continual.get("zero_shot_average_accuracy")), points(continual.get("zero_shot_mean_forgetting")),
                points(continual.get("zero_shot_backward_transfer")));
        out.printf(Locale.ROOT, "prequential  %s of %s held-out images right that came before their class was trained%n",
                percent(continual.get("prequential_unseen")), continual.get("prequential_images"));
        if (watch.rollouts() > 0) {
            out.printf(Locale.ROOT, "freshness    p50 %s s, max %s s from a class's last needed shot to the rollout that contains it%n",
                    freshnessSeconds(50), freshnessSeconds(100));
        }
        out.printf(Locale.ROOT, "throughput   %.1f images/s from push to committed feature; whole run %.1f s%n", imagesPerSecond(),
                millis / 1000.0);
        out.flush();
    }
}
