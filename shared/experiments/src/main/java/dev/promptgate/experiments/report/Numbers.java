package dev.promptgate.experiments.report;

import dev.promptgate.experiments.statistics.Estimate;
import java.math.BigDecimal;
import java.util.Locale;

/** How reports write numbers; a dash where there is nothing to tell. */
final class Numbers {
    private Numbers() {}

    /** In percent, with the half width of the interval: 61.2 ± 0.8. */
    static String percent(Estimate estimate) {
        return interval("%.2f", estimate.percent());
    }

    /** A difference in percentage points, likewise. */
    static String points(Estimate estimate) {
        return interval("%+.2f", estimate.percent());
    }

    private static String interval(String format, Estimate estimate) {
        return number(format, estimate.mean()) + (estimate.hasInterval() ? " ± " + format("%.2f", estimate.halfWidth()) : "");
    }

    static String pValue(double p) {
        return !Double.isFinite(p) ? "–" : p < 0.001 ? "< 0.001" : format("%.3f", p);
    }

    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    static String number(String format, double value) {
        return Double.isFinite(value) ? format(format, value) : "–";
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
