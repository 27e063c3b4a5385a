package dev.promptgate.load.report;

import dev.promptgate.load.observe.Flow;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.load.observe.FlowStage;
import dev.promptgate.load.observe.Ledger;
import dev.promptgate.load.observe.PromptTrail;
import dev.promptgate.load.observe.RunClock;
import dev.promptgate.load.observe.StageLatencies;
import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.load.report.RunReport.Machine;
import dev.promptgate.load.report.RunReport.Run;
import dev.promptgate.load.report.RunReport.Timing;
import dev.promptgate.load.service.Sampler;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Puts a report together from what was measured. Used once. */
public record ReportAssembly(LoadPlan plan, StageLatencies latencies, Flow flow, Ledger ledger, PromptTrail trail, Sampler sampler) {
    private static final MathContext DIGITS = new MathContext(4);
    private static final double WARM_UP_SECONDS = 10;

    /** @param end seconds within the run at which it ended */
    public RunReport assemble(String command, Instant startedAt, double end, boolean drained) {
        double loadSeconds = plan.rate().seconds();
        int intervals = (int) Math.ceil(end / RunClock.INTERVAL_SECONDS);
        Run run = new Run(plan.scenario().wireName(), command, startedAt.truncatedTo(ChronoUnit.SECONDS).toString(), planFigures(),
                Machine.here());
        Timing timing = new Timing(RunClock.INTERVAL_SECONDS, loadSeconds, Math.min(WARM_UP_SECONDS, loadSeconds / 4), drained,
                rounded(Math.max(0, end - loadSeconds)));
        return new RunReport(RunReport.FORMAT, run, timing, ledger.accounts(), latencies.summary(), prompts(), notes(drained),
                series(intervals));
    }

    private Map<String, Object> planFigures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("images", plan.rate().images());
        figures.put("seconds", plan.rate().seconds());
        figures.put("rate", plan.rate().pieces());
        figures.put("classes", plan.classes());
        figures.put("class_skew", plan.classSkew());
        figures.put("key_skew", plan.keySkew());
        figures.put("duplicate_share", plan.duplicateShare());
        figures.put("poison_share", plan.poisonShare());
        figures.put("seed", plan.seed());
        return figures;
    }

    private Map<String, Object> prompts() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("candidates", flow.total(Point.CANDIDATES));
        figures.put("verdicts", new TreeMap<>(trail.outcomes()));
        figures.put("rollouts", flow.total(Point.ROLLOUTS));
        figures.put("classes_in_a_candidate", trail.classesLearned());
        figures.put("classes_live", trail.classesLive());
        if (sampler.hasMeters()) {
            figures.put("training_features_not_in_memory", trail.notTaken());
        }
        figures.put("training_features_without_a_candidate", trail.notLearned());
        return figures;
    }

    private static List<String> notes(boolean drained) {
        List<String> notes = List.of(
                "Latency counts from when an image was due, not from when it was sent: what a stall holds back is in it.",
                "All times are by the clock of the process that made the load; a record counts as readable when a reader of committed "
                        + "records has it.",
                "When waiting was given up something was still at work. The stages behind the features hold only what had got there: what "
                        + "was still waiting, see under prompts, would have taken longer yet.");
        return drained ? notes.subList(0, 2) : notes;
    }

    private Map<String, List<Double>> series(int intervals) {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (Point point : Point.values()) {
            series.put(point.name().toLowerCase(Locale.ROOT) + "_per_second", flow.perSecond(point, intervals));
        }
        for (FlowStage stage : List.of(FlowStage.PUSH, FlowStage.FEATURE, FlowStage.MEMORY)) {
            series.put(stage.wireName() + "_p50_ms", latencies.perInterval(stage, 50));
            series.put(stage.wireName() + "_p99_ms", latencies.perInterval(stage, 99));
        }
        series.putAll(sampler.series());
        series.replaceAll((name, values) -> values.stream().map(value -> value == null ? null : Double.valueOf(rounded(value))).toList());
        return series;
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
