package dev.promptgate.learning.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A Markdown table of simulated figures: printed, and written to {@code target/simulations}. */
final class SimulationReport {
    private final String name;
    private final String introduction;
    private final List<String> rows = new ArrayList<>();

    SimulationReport(String name, String introduction) {
        this.name = name;
        this.introduction = introduction;
    }

    /** The first row holds the names of the columns. */
    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")));
        if (rows.size() == 1) {
            rows.add("| " + "--- | ".repeat(cells.length).strip());
        }
    }

    void print() throws IOException {
        String text = introduction + "\n\n" + String.join("\n", rows) + "\n";
        System.out.println("\n" + name + " simulation: " + text);
        Files.writeString(Files.createDirectories(Path.of("target/simulations")).resolve(name + ".md"), text);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%+.0f points", 100 * difference);
    }
}
