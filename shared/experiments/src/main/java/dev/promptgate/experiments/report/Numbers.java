package dev.promptgate.experiments.report;

import dev.promptgate.experiments.statistics.Estimate;
import java.math.BigDecimal;
import java.util.Locale;

/** How reports write numbers; a dash where there is nothing to tell. */
final class Numbers {
    private Numbers() {}

    /** In percent, with the half width of the interval: 61.2 ± 0.8. */
    static String percent(Estimate estimate) {
        if (!Double.isFinite(estimate.mean())) {
            return "–";
        }
        String mean = format("%.2f", 100 * estimate.mean());
        return Double.isFinite(estimate.halfWidth()) ? mean + " ± " + format("%.2f", 100 * estimate.halfWidth()) : mean;
    }

    static String points(Estimate estimate) {
        if (!Double.isFinite(estimate.mean())) {
            return "–";
        }
        String mean = format("%+.2f", 100 * estimate.mean());
        return Double.isFinite(estimate.halfWidth()) ? mean + " ± " + format("%.2f", 100 * estimate.halfWidth()) : mean;
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
