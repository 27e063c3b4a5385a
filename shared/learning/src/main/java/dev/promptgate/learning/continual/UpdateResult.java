package dev.promptgate.learning.continual;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What an update learned.
 *
 * @param number counted from 1, failed updates included
 * @param isShort whether it was a short update
 * @param readyAt per class, when its last needed shot was produced, epoch milliseconds
 * @param descriptions of all classes that have one, those not trained on included
 * @param shots images trained on
 */
public record UpdateResult(long number, boolean isShort, Context context, Map<String, Long> readyAt, Descriptions descriptions, int shots,
        List<StepReport> steps) {
    private static final int MOST_POINTS = 50;
    private static final MathContext DIGITS = new MathContext(4);

    /** Those trained on, in the order of their names. */
    public List<String> classes() {
        return List.copyOf(readyAt.keySet());
    }

    /** Mean loss of the last tenth of the steps (one at least). */
    public double finalLoss() {
        return tail(StepReport::loss);
    }

    /** The same at the perturbed context; NaN for methods that do not look there. */
    public double finalPerturbedLoss() {
        return tail(StepReport::perturbedLoss);
    }

    private double tail(ToDoubleFunction<StepReport> figure) {
        int tail = Math.max(1, steps.size() / 10);
        return steps.subList(steps.size() - tail, steps.size()).stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /**
     * At most 50 steps, evenly spaced, the last one among them: JSON with the arrays {@code step} (from 1), {@code loss}, {@code
     * perturbed_loss} and {@code cosine}; of four significant digits, null where a figure is not known.
     */
    public String trace() {
        int points = Math.min(MOST_POINTS, steps.size());
        int[] numbers = IntStream.rangeClosed(1, points).map(i -> (int) ((long) i * steps.size() / points)).toArray();
        ObjectNode trace = JsonNodeFactory.instance.objectNode();
        IntStream.of(numbers).forEach(trace.putArray("step")::add);
        Map<String, ToDoubleFunction<StepReport>> figures = new LinkedHashMap<>();
        figures.put("loss", StepReport::loss);
        figures.put("perturbed_loss", StepReport::perturbedLoss);
        figures.put("cosine", StepReport::cosine);
        figures.forEach((name, figure) -> {
            ArrayNode values = trace.putArray(name);
            IntStream.of(numbers).mapToDouble(number -> figure.applyAsDouble(steps.get(number - 1)))
                    .forEach(value -> values.add(JsonFigures.node(Double.isFinite(value) ? rounded(value) : value)));
        });
        return trace.toString();
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    /** Mean cosine of the two gradients; NaN likewise. */
    public double meanCosine() {
        return steps.stream().mapToDouble(StepReport::cosine).average().orElse(Double.NaN);
    }

    public Map<Branch, Integer> branches() {
        Map<Branch, Integer> counts = new EnumMap<>(Branch.class);
        for (Branch branch : Branch.values()) {
            counts.put(branch, 0);
        }
        steps.forEach(step -> counts.merge(step.branch(), 1, Integer::sum));
        return counts;
    }
}
