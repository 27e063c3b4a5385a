package dev.promptgate.load.compare;

import dev.promptgate.load.report.RunReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.inference.MannWhitneyUTest;

/**
 * A run against an earlier one of the same plan. A metric has moved if the Mann–Whitney test on its values over time says so at 1%, shared
 * out over all metrics (Holm), and its median changed by enough to matter. Values of one run say nothing of what differs from run to run,
 * as a neighbour on the machine does: that is what the least change is for. Pure.
 *
 * @param accounts what became worse in the accounts; empty if nothing
 */
public record RunComparison(List<Finding> findings, List<String> accounts, List<String> warnings) {
    /**
     * What came of comparing two runs in one metric.
     *
     * @param before median of the earlier run, NaN if it has no values
     * @param after median of the later run
     * @param pValue of the Mann–Whitney test; NaN if there were too few values
     */
    public record Finding(String metric, double before, double after, double pValue, Outcome outcome) {
        public enum Outcome {
            /** Worse, beyond the noise and by enough to matter. */
            WORSE,
            BETTER,
            /** Not beyond the noise, or too little to matter. */
            UNCHANGED,
            /** Too few values in one of the runs. */
            UNKNOWN
        }

        public String row() {
            return String.format(Locale.ROOT, "%-34s %12s %12s %9s %9s  %s", metric, figure(before), figure(after),
                    Double.isNaN(before + after) || before == 0 ? "–" : String.format(Locale.ROOT, "%+.1f%%", 100 * (after / before - 1)),
                    Double.isNaN(pValue) ? "–" : String.format(Locale.ROOT, "%.2g", pValue), outcome.name().toLowerCase(Locale.ROOT));
        }

        private static String figure(double value) {
            return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
        }
    }

    private static final double ALPHA = 0.01;
    private static final int FEWEST = 6;

    /** @throws IllegalArgumentException if the two are not runs of one plan */
    public static RunComparison of(RunReport before, RunReport after) {
        if (!before.run().scenario().equals(after.run().scenario()) || !sameLoad(before, after)) {
            throw new IllegalArgumentException(
                    "The reports are of different loads; run the same scenario at the same rate and duration [before: %s, after: %s]"
                            .formatted(before.run().command(), after.run().command()));
        }
        List<String> warnings = new ArrayList<>();
        if (!before.run().machine().equals(after.run().machine())) {
            warnings.add("the machines differ [before: %s, after: %s]".formatted(before.run().machine(), after.run().machine()));
        }
        List<String> accounts = new ArrayList<>();
        if (before.accounts().isBalanced() && !after.accounts().isBalanced()) {
            accounts.add("the accounts no longer balance: " + after.accounts());
        }
        if (before.timing().drained() && !after.timing().drained()) {
            accounts.add("the load is no longer digested in time");
        }
        return new RunComparison(findings(before, after), accounts, warnings);
    }

    private static boolean sameLoad(RunReport before, RunReport after) {
        return before.run().plan().get("images").toString().equals(after.run().plan().get("images").toString())
                && before.timing().loadSeconds() == after.timing().loadSeconds();
    }

    private static List<Finding> findings(RunReport before, RunReport after) {
        List<Metric> metrics = Metric.all();
        List<Finding> raw = metrics.stream().map(metric -> test(metric, before, after)).toList();
        List<Integer> byPValue = IntStream.range(0, raw.size()).boxed().filter(i -> !Double.isNaN(raw.get(i).pValue()))
                .sorted(Comparator.comparingDouble(i -> raw.get(i).pValue())).toList();
        List<Finding> findings = new ArrayList<>(raw);
        for (int rank = 0; rank < byPValue.size(); rank++) {
            Finding finding = raw.get(byPValue.get(rank));
            if (finding.pValue() > ALPHA / (byPValue.size() - rank)) {
                break; // Holm: once one is not established, none behind it is
            }
            findings.set(byPValue.get(rank), new Finding(finding.metric(), finding.before(), finding.after(), finding.pValue(),
                    moved(metrics.get(byPValue.get(rank)), finding)));
        }
        return List.copyOf(findings);
    }

    private static Finding test(Metric metric, RunReport before, RunReport after) {
        double[] earlier = array(metric.values().apply(before));
        double[] later = array(metric.values().apply(after));
        if (earlier.length < FEWEST || later.length < FEWEST) {
            return new Finding(metric.name(), median(earlier), median(later), Double.NaN, Finding.Outcome.UNKNOWN);
        }
        return new Finding(metric.name(), median(earlier), median(later), new MannWhitneyUTest().mannWhitneyUTest(earlier, later),
                Finding.Outcome.UNCHANGED);
    }

    private static Finding.Outcome moved(Metric metric, Finding finding) {
        double change = finding.after() - finding.before();
        if (Math.abs(change) < metric.leastAbsolute() || Math.abs(change) < metric.least() * Math.abs(finding.before())) {
            return Finding.Outcome.UNCHANGED;
        }
        return change > 0 == metric.higherIsWorse() ? Finding.Outcome.WORSE : Finding.Outcome.BETTER;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] values) {
        return values.length == 0 ? Double.NaN : new Median().evaluate(values);
    }

    /** Whether anything is worse than before. */
    public boolean isWorse() {
        return !accounts.isEmpty() || findings.stream().anyMatch(finding -> finding.outcome() == Finding.Outcome.WORSE);
    }

    /** The table for people, a line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        warnings.forEach(warning -> lines.add("note: " + warning));
        lines.add(String.format("%-34s %12s %12s %9s %9s", "median", "before", "after", "change", "p"));
        findings.forEach(finding -> lines.add(finding.row()));
        accounts.forEach(line -> lines.add("worse: " + line));
        return lines;
    }
}
