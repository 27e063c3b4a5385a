package dev.promptgate.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Figures by number of classes, as they were measured by a command. */
public record ClassesReport(String command, Map<Integer, Map<String, Double>> figures) {
    /** One table: a row a figure, in the order of the measurement, a column a number of classes. */
    public String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# What grows with the number of classes\n\n```\n" + command + "\n```\n");
        Set<Integer> counts = new TreeSet<>(figures.keySet());
        lines.add(counts.stream().map("%,d classes"::formatted).collect(Collectors.joining(" | ", "| figure | ", " |")));
        lines.add("| --- |" + " ---: |".repeat(counts.size()));
        figures.values().stream().flatMap(column -> column.keySet().stream()).distinct()
                .forEach(name -> lines.add(counts.stream().map(count -> shown(figures.get(count).get(name)))
                        .collect(Collectors.joining(" | ", "| `" + name + "` | ", " |"))));
        return String.join("\n", lines) + "\n";
    }

    private static String shown(Double value) {
        return value == null || value.isNaN() ? "–" : String.format(Locale.ROOT, value < 100 ? "%.3g" : "%,.0f", value);
    }
}
