package dev.promptgate.experiments.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.statistics.Estimate;
import dev.promptgate.experiments.statistics.PairedDifference;
import dev.promptgate.learning.accuracy.JsonFigures;
import java.util.Map;

/**
 * The summary for programs. Accuracies are shares of 1; {@code null} where there is nothing to tell, such as the interval of a single seed.
 */
public final class SummaryJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SummaryJson() {}

    /**
     * @param reference the method that differences are against
     * @param stepMillis interleaved wall clock of a training step by method name
     */
    public static ObjectNode of(Summary summary, ComparedMethod reference, Map<String, Double> stepMillis) {
        ObjectNode root = JSON.createObjectNode();
        root.put("protocol", summary.plan().protocol().name()).put("description",
                summary.plan().protocol().description(summary.plan().setting()));
        root.put("data", summary.plan().setting().data().name()).put("model", summary.plan().setting().model().fingerprint());
        root.put("complete", summary.isComplete()).put("reference", reference.name());
        root.set("shots", JSON.valueToTree(summary.plan().shots().size() == 1 ? summary.plan().shots().get(0) : summary.plan().shots()));
        root.set("seeds", JSON.valueToTree(summary.plan().seeds()));
        if (summary.plan().schedule() != null) {
            root.set("schedule", JSON.valueToTree(summary.plan().schedule()));
        }
        ObjectNode methods = root.putObject("methods");
        for (ComparedMethod method : summary.plan().methods()) {
            ObjectNode node = methods.putObject(method.name());
            if (summary.plan().shots().size() == 1) {
                fill(node, summary, method, reference, summary.plan().shots().get(0), stepMillis);
            } else {
                ObjectNode byShots = node.putObject("by_shots");
                summary.plan().shots()
                        .forEach(shots -> fill(byShots.putObject(Integer.toString(shots)), summary, method, reference, shots, stepMillis));
            }
        }
        ObjectNode failed = root.putObject("failed");
        summary.results().failed().forEach((cell, reason) -> failed.put(cell.toString(), reason));
        return root;
    }

    private static void fill(ObjectNode node, Summary summary, ComparedMethod method, ComparedMethod reference, int shots,
            Map<String, Double> stepMillis) {
        ObjectNode intervals = JSON.createObjectNode();
        ObjectNode differences = JSON.createObjectNode();
        for (String figure : summary.plan().protocol().figures(summary.plan().setting())) {
            Estimate estimate = summary.figure(method, shots, figure);
            JsonFigures.put(node, figure, estimate.mean());
            JsonFigures.put(intervals, figure, estimate.halfWidth());
            if (!method.equals(reference)) {
                summary.difference(method, reference, shots, figure).ifPresent(d -> differences.set(figure, difference(d)));
            }
        }
        node.set("ci", intervals);
        node.put("seeds_finished", summary.cells(method, shots).size());
        JsonFigures.put(node, "train_seconds", summary.over(method, shots, cell -> cell.trainSeconds()).mean());
        JsonFigures.put(node, "step_millis", stepMillis.getOrDefault(method.name(), Double.NaN));
        if (!differences.isEmpty()) {
            node.set("difference", differences);
        }
    }

    private static ObjectNode difference(PairedDifference difference) {
        ObjectNode node = JSON.createObjectNode();
        JsonFigures.put(node, "mean", difference.overSeeds().mean());
        JsonFigures.put(node, "ci_over_seeds", difference.overSeeds().halfWidth());
        JsonFigures.put(node, "p_over_seeds", difference.seedsP());
        JsonFigures.put(node, "ci_over_images", difference.overImages().halfWidth());
        JsonFigures.put(node, "p_over_images", difference.imagesP());
        return node;
    }
}
