package dev.promptgate.monitoring;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A dashboard as people write it, in infra/grafana/descriptions: what it shows, without how Grafana stores it. Unknown keys are refused.
 *
 * @param variables in their order on the page; a later one may use an earlier one
 * @param annotations may be absent
 */
record DashboardDescription(String uid, String title, String description, List<Variable> variables, List<Annotation> annotations,
        List<Row> rows) {
    /** @param query {@code label_values(selector, label)} */
    record Variable(String name, String label, boolean hidden, String query) {}

    /** A mark in all graphs wherever the expression has a value. */
    record Annotation(String name, String colour, String expr, String text) {}

    /** Panels under a heading, filled from left to right. */
    record Row(String title, List<Panel> panels) {}

    /**
     * One panel.
     *
     * @param type {@code timeseries} if absent, {@code bars} (stacked) or {@code stat}
     * @param width of 24 columns
     * @param height in Grafana's rows; 8 if absent
     * @param unit Grafana's name of it
     * @param thresholds by the value from which on a colour counts; the first is {@code base}
     * @param mappings texts for values
     */
    record Panel(String title, String description, String type, int width, Integer height, String unit, Integer decimals, Double min,
            Double max,
            Map<String, String> thresholds, Map<String, String> mappings, List<Query> queries) {
        int rows() {
            return height == null ? 8 : height;
        }
    }

    /** @param legend of each series, labels in double braces */
    record Query(String expr, String legend) {}

    static DashboardDescription read(Path file) {
        try {
            return new YAMLMapper().readValue(file.toFile(), DashboardDescription.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
