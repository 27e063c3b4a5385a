package dev.promptgate.load.compare;

import java.util.Locale;

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
        WORSE, BETTER,
        /** Not beyond the noise, or too little to matter. */
        UNCHANGED,
        /** Too few values in one of the runs. */
        UNKNOWN
    }

    public String row() {
        return String.format(Locale.ROOT, "%-34s %12s %12s %9s %9s  %s", metric, figure(before), figure(after),
                Double.isNaN(before + after) || before == 0 ? "–"
                        : String.format(Locale.ROOT, "%+.1f%%", 100 * (after / before - 1)),
                Double.isNaN(pValue) ? "–" : String.format(Locale.ROOT, "%.2g", pValue), outcome.name().toLowerCase(Locale.ROOT));
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
    }
}
