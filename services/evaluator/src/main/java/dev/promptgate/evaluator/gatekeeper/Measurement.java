package dev.promptgate.evaluator.gatekeeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.report.Report;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import java.util.Comparator;
import java.util.Map;

/** Puts the figures of the live prompt into a report. */
final class Measurement {
    /** With a thousand classes the whole table is too much for every measurement; rollouts carry it. */
    private static final int MOST_FORGOTTEN = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Measurement() {}

    static Report write(Report report, Comparison comparison, long horizon, LiveRecord live) {
        report.comparison(comparison, horizon);
        Prequential.State prequential = live.prequential();
        ObjectNode node = JSON.createObjectNode().put("images", prequential.images());
        JsonFigures.put(node, "accuracy", prequential.accuracy());
        JsonFigures.put(node, "zero_shot", prequential.zeroShotAccuracy());
        report.with("prequential_unseen", node);
        return continual(report, live);
    }

    /** The figures of continual learning, beside them the same of the hand-written prompt. */
    static Report continual(Report report, LiveRecord live) {
        ObjectNode node = figures(live.waves().figures());
        node.set("zero_shot", figures(live.handWrittenWaves().figures()));
        ObjectNode forgotten = node.putObject("most_forgotten");
        live.waves().histories().entrySet().stream().filter(e -> !Double.isNaN(e.getValue().forgetting()))
                .sorted(Comparator.comparingDouble((Map.Entry<String, WaveAccuracies.History> e) -> -e.getValue().forgetting())
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_FORGOTTEN).forEach(e -> forgotten.put(e.getKey(), e.getValue().forgetting()));
        return report.with("continual", node);
    }

    private static ObjectNode figures(WaveAccuracies.Figures figures) {
        ObjectNode node = JSON.createObjectNode().put("waves", figures.waves());
        JsonFigures.put(node, "average_accuracy", figures.averageAccuracy());
        JsonFigures.put(node, "mean_forgetting", figures.meanForgetting());
        JsonFigures.put(node, "backward_transfer", figures.backwardTransfer());
        return node;
    }
}
