package dev.promptgate.cli.demo;

import dev.promptgate.cli.demo.DemoStream.Consequence;
import dev.promptgate.messaging.report.ComparedPrompts.AccuracyFigures;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures.Waves;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * What the demo came to.
 *
 * @param measurement the last report of kind measurement
 * @param millis from the first image pushed to the end
 * @param encodeMillis of these, while images of a wave were on their way to features
 */
record DemoSummary(Tally tally, TopicWatch watch, List<Consequence> incidents, MeasurementReport measurement, long millis,
        long encodeMillis, long seed) {
    private static final double NORMAL_95 = 1.96;

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
        summary.put("intervals", Map.of("zero_shot", intervals(Role.ZERO_SHOT), "live", intervals(Role.LIVE)));
        summary.put("continual", continual());
        Map<String, Object> freshness = new LinkedHashMap<>();
        freshness.put("p50", freshnessSeconds(50));
        freshness.put("max", freshnessSeconds(100));
        summary.put("freshness_seconds", freshness);
        summary.put("images_per_second", imagesPerSecond());
        summary.put("verdicts", watch.verdicts());
        summary.put("incidents", incidents.stream().map(DemoSummary::json).toList());
        summary.put("seed", seed);
        summary.put("duration_seconds", millis / 1000.0);
        return summary;
    }

    private static Map<String, Object> json(Consequence consequence) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("kind", consequence.incident().wireName());
        values.put("candidate_version", consequence.version());
        values.put("verdict", consequence.verdict().wireName());
        values.put("rolled_back", consequence.isRolledBack());
        return values;
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

    /**
     * 95% intervals by protocol, as [lower, upper]: Wilson's, and of the harmonic mean h = 2ab/(a + b) by the delta method, with ∂h/∂a =
     * 2b²/(a + b)².
     */
    private Map<String, double[]> intervals(Role role) {
        ComparedOn on = measurement.comparison().orElseThrow().space();
        Map<String, Double> of = accuracies(measurement, role);
        double a = of.get("seen");
        double b = of.get("unseen");
        double variance = a + b == 0 ? 0
                : 4 / Math.pow(a + b, 4) * (Math.pow(b, 4) * a * (1 - a) / Math.max(1, on.seenImages())
                        + Math.pow(a, 4) * b * (1 - b) / Math.max(1, on.unseenImages()));
        double half = NORMAL_95 * Math.sqrt(variance);
        Map<String, double[]> intervals = new LinkedHashMap<>();
        intervals.put("seen", wilson(a, on.seenImages()));
        intervals.put("unseen", wilson(b, on.unseenImages()));
        intervals.put("hm", new double[] {Math.max(0, of.get("hm") - half), Math.min(1, of.get("hm") + half)});
        intervals.put("joint", wilson(of.get("joint"), on.seenImages() + on.unseenImages()));
        return intervals;
    }

    private static double[] wilson(double fraction, int images) {
        if (images == 0) {
            return new double[] {0, 1};
        }
        ConfidenceInterval interval = new WilsonScoreInterval().createInterval(images, (int) Math.round(fraction * images), 0.95);
        return new double[] {interval.getLowerBound(), interval.getUpperBound()};
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

    private static String range(double value, double[] interval) {
        return String.format(Locale.ROOT, "%.2f%% [%.1f, %.1f]", 100 * value, 100 * interval[0], 100 * interval[1]);
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
        out.printf(Locale.ROOT, "%-9s %24s %24s %9s%n", "accuracy", "hand-written (95%)", "live prompt (95%)", "change");
        Map<String, Double> zeroShot = accuracies(measurement, Role.ZERO_SHOT);
        Map<String, double[]> handWritten = intervals(Role.ZERO_SHOT);
        Map<String, double[]> own = intervals(Role.LIVE);
        accuracies(measurement, Role.LIVE).forEach((protocol, live) -> out.printf(Locale.ROOT, "%-9s %24s %24s %+9.2f%n", protocol,
                range(zeroShot.get(protocol), handWritten.get(protocol)), range(live, own.get(protocol)),
                100 * live - 100 * zeroShot.get(protocol)));
        out.printf(Locale.ROOT, "%nimages       %d in = %d features + %d rejected%s%s%n", tally.images, tally.features, tally.rejected,
                tally.skipped == 0 ? "" : "; %d skipped".formatted(tally.skipped), isComplete() ? "" : "  MISMATCH");
        out.printf(Locale.ROOT, "candidates   %s, rollouts %d%s%n", watch.outcomes(), watch.rollouts(),
                watch.rollouts() == 0 ? ": the hand-written prompt is still live" : "");
        incidents.stream().filter(consequence -> !consequence.incident().isCorrection())
                .forEach(consequence -> out.printf("incident     %s: candidate %d %s%s%n", consequence.incident().wireName(),
                        consequence.version(), consequence.verdict().wireName(),
                        consequence.isRolledBack() ? ", rolled back by the watch" : ""));
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
