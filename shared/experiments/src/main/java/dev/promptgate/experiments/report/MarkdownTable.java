package dev.promptgate.experiments.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. Not thread-safe. */
final class MarkdownTable {
    private final List<String> lines = new ArrayList<>();

    MarkdownTable(List<String> header) {
        lines.add("| " + String.join(" | ", header) + " |");
        lines.add("|" + " --- |".repeat(header.size()));
    }

    void row(List<String> cells) {
        lines.add("| " + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |");
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
