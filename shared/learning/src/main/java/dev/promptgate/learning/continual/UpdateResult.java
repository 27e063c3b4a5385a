package dev.promptgate.learning.continual;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What an update learned.
 *
 * @param number counted from 1, failed updates included
 * @param classes the classes trained on, in the order of their names
 * @param readyAt per class, when its last needed shot was produced, epoch milliseconds
 * @param shots images trained on
 */
public record UpdateResult(long number, Context context, List<String> classes, Map<String, Long> readyAt, int shots,
        List<StepReport> steps) {
    /** Mean loss of the last tenth of the steps (one at least). */
    public double finalLoss() {
        return tail(StepReport::loss);
    }

    /** The same at the perturbed context; NaN for CoOp. */
    public double finalPerturbedLoss() {
        return tail(StepReport::perturbedLoss);
    }

    private double tail(ToDoubleFunction<StepReport> figure) {
        int tail = Math.max(1, steps.size() / 10);
        return steps.subList(steps.size() - tail, steps.size()).stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /** How the steps went, at most 50 of them, as JSON: arrays {@code step}, {@code loss}, {@code perturbed_loss} and {@code cosine}. */
    public String trace() {
        return UpdateTrace.json(steps);
    }

    /** Mean cosine of the two gradients; NaN for CoOp. */
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
