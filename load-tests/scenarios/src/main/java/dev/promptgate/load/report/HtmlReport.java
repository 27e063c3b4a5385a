package dev.promptgate.load.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;

/** A report as one page that needs nothing else. */
public final class HtmlReport {
    private static final String STYLE = "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse;margin:1em 0}"
            + "td,th{padding:.25em .8em;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}code{background:#f3f3f3;padding:.1em .3em}"
            + ".bad{color:#b00020;font-weight:bold}img{max-width:100%;height:auto;display:block;margin:1.5em 0}";

    private final RunReport report;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(RunReport report) {
        this.report = report;
    }

    /** Writes the page, over what is there. */
    public static void write(RunReport report, Path file) throws IOException {
        Files.writeString(file, new HtmlReport(report).render());
    }

    private String render() throws IOException {
        String title = "Promptgate under load: " + report.scenario();
        page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").append(text(title)).append("</title><style>")
                .append(STYLE).append("</style></head><body><h1>")
                .append(text(title)).append("</h1><p>").append(text(report.startedAt())).append(", made with <code>")
                .append(text(report.command())).append("</code><br>On ")
                .append(text(report.machine().toString())).append("</p>");
        accounts();
        stages();
        prompts();
        page.append("<h2>Over time</h2>");
        plots();
        page.append("<h2>Notes</h2><ul>");
        report.notes().forEach(note -> page.append("<li>").append(text(note)).append("</li>"));
        return page.append("</ul><h2>Plan</h2><p><code>").append(text(report.planText())).append("</code></p></body></html>\n").toString();
    }

    private void accounts() {
        page.append("<h2>Accounts</h2><p").append(report.accounts().isBalanced() ? ">" : " class=\"bad\">The accounts do not balance. ")
                .append(text(report.accounts().toString()))
                .append(". Rejections: ").append(text(report.accounts().rejectionsByCode().toString())).append(".</p><p>").append(
                        text("Images were due for %.0f s; everything was digested %s."
                                .formatted(report.loadSeconds(),
                                        report.drained() ? "%.1f s later".formatted(report.drainSeconds())
                                                : "not within the %.0f s that were waited".formatted(report.drainSeconds()))))
                .append("</p>");
    }

    private void stages() {
        page.append(
                "<h2>Latency by stage</h2><table><tr><th>stage</th><th>count</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>most</th></tr>");
        report.stages().forEach((name, row) -> {
            page.append("<tr><td>").append(text(row.get("meaning").toString())).append("</td><td>").append(row.get("count"))
                    .append("</td>");
            for (String column : new String[] {"p50_ms", "p90_ms", "p99_ms", "p99_9_ms", "max_ms"}) {
                page.append("<td>").append(duration(((Number) row.get(column)).doubleValue())).append("</td>");
            }
            page.append("</tr>");
        });
        page.append("</table>");
    }

    private void prompts() {
        page.append("<h2>Prompts</h2><table>");
        for (Map.Entry<String, Object> figure : report.prompts().entrySet()) {
            page.append("<tr><td>").append(text(figure.getKey().replace('_', ' '))).append("</td><td>")
                    .append(text(figure.getValue().toString())).append("</td></tr>");
        }
        page.append("</table>");
    }

    /** A Java without a font, as in a bare container, cannot draw; the figures are worth having all the same. */
    private void plots() throws IOException {
        try {
            new Charts(report).all().forEach(page::append);
        } catch (RuntimeException | LinkageError | InternalError e) {
            page.append("<p>").append(text(
                    "The plots cannot be drawn; has this Java a font? Install fontconfig and a font, e.g. fonts-dejavu-core [cause: %s]. The figures are in report.json."
                            .formatted(e)))
                    .append("</p>");
        }
    }

    private static String duration(double millis) {
        return millis < 1000 ? String.format(Locale.ROOT, "%.1f ms", millis) : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }

    private static String text(String text) {
        return StringEscapeUtils.escapeHtml4(text);
    }
}
