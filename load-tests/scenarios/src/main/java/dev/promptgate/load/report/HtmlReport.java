package dev.promptgate.load.report;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one page that needs nothing else: the template report.ftlh beside this class. */
public final class HtmlReport {
    private static final Configuration TEMPLATES = templates();

    private HtmlReport() {}

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_34);
        templates.setClassForTemplateLoading(HtmlReport.class, "");
        templates.setDefaultEncoding("UTF-8");
        templates.setLocale(Locale.ROOT);
        templates.setLogTemplateExceptions(false);
        return templates;
    }

    /** Writes the page, over what is there. */
    public static void write(RunReport report, Path file) throws IOException {
        Map<String, String> prompts = new LinkedHashMap<>();
        report.prompts().forEach((name, figure) -> prompts.put(name, figure.toString()));
        Map<String, Object> model = new HashMap<>(Map.of("report", report, "prompts", prompts, "plan", report.planText(), "rejections",
                report.accounts().rejectionsByCode().toString(), "charts", List.of()));
        try {
            model.put("charts", new LoadCharts(report).all());
        } catch (RuntimeException | LinkageError | InternalError e) {
            model.put("whyNoCharts", e.toString()); // no font, as in a bare container: the figures are worth having all the same
        }
        try (Writer page = Files.newBufferedWriter(file)) {
            TEMPLATES.getTemplate("report.ftlh").process(model, page);
        } catch (TemplateException e) {
            throw new IOException("The page of the report cannot be made [file: %s, cause: %s]".formatted(file, e.getMessage()), e);
        }
    }
}
