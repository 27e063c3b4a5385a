package dev.promptgate.experiments.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.experiments.landscape.Sharpness;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Survey;
import dev.promptgate.experiments.statistics.Estimate;
import dev.promptgate.experiments.statistics.PairedDifference;
import dev.promptgate.learning.accuracy.JsonFigures;
import java.util.Map;

/**
 * The summary for programs. Accuracies are shares of 1; {@code null} where there is nothing to tell, as with the interval of a single seed.
 */
public final class SummaryJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SummaryJson() {}

    /**
     * Differences are from the reference; the wall clock of a training step, interleaved, is by method name; there may be no surroundings.
     */
    public static ObjectNode of(Summary summary, ComparedMethod reference, Map<String, Double> stepMillis,
            Map<ComparedMethod, Survey.Surroundings> surroundings) {
        Plan plan = summary.plan();
        ObjectNode root = JSON.createObjectNode();
        root.put("protocol", plan.protocol().name()).put("description", plan.protocol().description(plan.setting()));
        root.put("data", plan.setting().data().name()).put("model", plan.setting().model().fingerprint());
        root.put("complete", summary.isComplete()).put("reference", reference.name());
        boolean oneTable = plan.shots().size() == 1;
        root.set("shots", JSON.valueToTree(oneTable ? plan.shots().get(0) : plan.shots()));
        root.set("seeds", JSON.valueToTree(plan.seeds()));
        if (plan.schedule() != null) {
            root.set("schedule", JSON.valueToTree(plan.schedule()));
        }
        ObjectNode methods = root.putObject("methods");
        for (ComparedMethod method : plan.methods()) {
            ObjectNode node = methods.putObject(method.name());
            for (int shots : plan.shots()) {
                fill(oneTable ? node : node.withObject("/by_shots").putObject(Integer.toString(shots)), summary, method, reference, shots,
                        stepMillis);
            }
        }
        surroundings.forEach((method, found) -> ((ObjectNode) methods.get(method.name())).set("landscape", landscape(found)));
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
        JsonFigures.put(node, "bytes", summary.over(method, shots, cell -> cell.outcome().bytes()).mean());
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

    private static ObjectNode landscape(Survey.Surroundings found) {
        Sharpness sharpness = found.sharpness();
        return JSON.createObjectNode().put("rho", sharpness.rho()).put("loss", sharpness.loss()).put("worst_rise", sharpness.worst())
                .put("first_order_rise", sharpness.firstOrder()).put("mean_rise", sharpness.average())
                .put("mean_rise_standard_error", sharpness.averageError())
                .put("hessian_greatest_eigenvalue", found.curvature().value()).put("hessian_converged", found.curvature().converged());
    }
}
