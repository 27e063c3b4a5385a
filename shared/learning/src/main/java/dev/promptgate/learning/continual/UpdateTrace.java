package dev.promptgate.learning.continual;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.step.StepReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** Steps of an update as they went, few enough to travel with a candidate. */
final class UpdateTrace {
    private static final int MOST_POINTS = 50;
    private static final MathContext DIGITS = new MathContext(4);

    private UpdateTrace() {}

    /**
     * At most 50 steps, evenly spaced, the last one among them: JSON with the arrays {@code step} (from 1), {@code loss},
     * {@code perturbed_loss} and {@code cosine}; of four significant digits, null where a figure is not known.
     */
    static String json(List<StepReport> steps) {
        ObjectNode trace = JsonNodeFactory.instance.objectNode();
        ArrayNode step = trace.putArray("step");
        ArrayNode loss = trace.putArray("loss");
        ArrayNode perturbedLoss = trace.putArray("perturbed_loss");
        ArrayNode cosine = trace.putArray("cosine");
        int points = Math.min(MOST_POINTS, steps.size());
        for (int i = 1; i <= points; i++) {
            int number = (int) ((long) i * steps.size() / points);
            StepReport report = steps.get(number - 1);
            step.add(number);
            add(loss, report.loss());
            add(perturbedLoss, report.perturbedLoss());
            add(cosine, report.cosine());
        }
        return trace.toString();
    }

    private static void add(ArrayNode to, double value) {
        to.add(Double.isFinite(value) ? JsonFigures.node(new BigDecimal(value).round(DIGITS).doubleValue()) : JsonFigures.node(value));
    }
}
