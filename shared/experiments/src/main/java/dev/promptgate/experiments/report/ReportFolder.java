package dev.promptgate.experiments.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.experiments.plots.Palette;
import dev.promptgate.experiments.protocol.BaseToNew;
import dev.promptgate.experiments.protocol.ClassIncremental;
import dev.promptgate.experiments.protocol.FewShot;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.Survey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes what a comparison found into a folder: {@code report.md}, {@code report.json} and the plots. It tells the command that made it,
 * the wall clock of a training step by method name, and the surroundings of the first seed's solutions, if they were surveyed.
 */
public record ReportFolder(Path folder, String command, Map<String, Double> stepMillis,
        Map<ComparedMethod, Survey.Surroundings> surroundings) {
    /** The summary for programs, as it was written. */
    public ObjectNode write(Summary summary, ComparedMethod reference) throws IOException {
        Files.createDirectories(folder);
        ObjectNode json = SummaryJson.of(summary, reference, stepMillis, surroundings);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(folder.resolve("report.json").toFile(), json);
        Files.writeString(folder.resolve("report.md"), markdown(summary, reference));
        return json;
    }

    private String markdown(Summary summary, ComparedMethod reference) {
        MarkdownReport report = new MarkdownReport(summary, reference);
        Plots plots = new Plots(folder, summary);
        List<String> sections = new ArrayList<>(List.of(report.introduction(command)));
        for (int shots : summary.plan().shots()) {
            String more = summary.plan().shots().size() > 1 ? ", %d shots".formatted(shots) : "";
            sections.add("## Accuracies" + more + "\n\n" + report.accuracies(shots));
            sections.add("## Differences from " + reference.title() + more + "\n\n" + report.differences(shots));
            String maps = new HyperparameterMaps(summary, shots).markdown();
            sections.add(maps.isEmpty() ? "" : "## Hyperparameters" + more + "\n\n" + maps);
        }
        sections.add("## Plots\n\n" + String.join("\n\n",
                plots(summary, reference, plots).stream().map(file -> "![%s](%s)".formatted(file.replace(".png", ""), file)).toList()));
        if (!stepMillis.isEmpty()) {
            sections.add("## Cost of a training step\n\nMedian wall clock, the methods in turn on this machine; CoCoOp's step is one "
                    + "image, the others' a batch.\n\n" + report.costs(stepMillis));
        }
        sections.add(report.gradients());
        if (!surroundings.isEmpty()) {
            sections.add(report.surroundings(surroundings) + "\n![landscapes](%s)\n".formatted(plots.landscapes(surroundings)));
        }
        sections.add("## Methods\n\n" + ComparedMethod.table());
        return String.join("\n\n", sections.stream().map(String::strip).filter(section -> !section.isEmpty()).toList()) + "\n";
    }

    private static List<String> plots(Summary summary, ComparedMethod reference, Plots plots) {
        List<String> files = new ArrayList<>();
        if (summary.plan().protocol() instanceof BaseToNew) {
            files.add(plots.tradeOff());
        } else if (summary.plan().protocol() instanceof FewShot && summary.plan().shots().size() > 1) {
            files.add(plots.fewShot());
        } else if (summary.plan().protocol() instanceof ClassIncremental) {
            files.addAll(plots.forgetting());
        }
        if (summary.plan().methods().size() > 1) {
            files.add(plots.differences(summary.plan().protocol().figures(summary.plan().setting()).get(0), reference));
        }
        if (summary.plan().methods().size() <= Palette.LOOKS) { // more lines than that nobody tells apart
            files.add(plots.cosines());
            files.add(plots.losses());
        }
        return files;
    }
}
