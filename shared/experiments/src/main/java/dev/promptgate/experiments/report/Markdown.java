package dev.promptgate.experiments.report;

import dev.promptgate.experiments.statistics.Estimate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** How reports write tables and numbers; a dash where there is nothing to tell. */
final class Markdown {
    private Markdown() {}

    static String table(List<String> header, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("| " + String.join(" | ", header) + " |\n|" + " --- |".repeat(header.size()) + "\n");
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                .append(" |\n"));
        return table.toString();
    }

    /** In percent, with the half width of the interval: 61.2 ± 0.8. */
    static String percent(Estimate estimate) {
        return interval("%.2f", estimate.percent());
    }

    /** A difference in percentage points, likewise. */
    static String points(Estimate estimate) {
        return interval("%+.2f", estimate.percent());
    }

    private static String interval(String format, Estimate estimate) {
        return number(format, estimate.mean()) + (estimate.hasInterval() ? " ± " + number("%.2f", estimate.halfWidth()) : "");
    }

    static String pValue(double p) {
        return p < 0.001 ? "< 0.001" : number("%.3f", p);
    }

    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "–";
    }
}
