package dev.promptgate.experiments.landscape;

import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/** What the steps of one training saw, in order. */
public record TrainingTrace(List<StepReport> steps) {
    /** A line to be drawn; steps are counted from 1. */
    public record Curve(double[] step, double[] value) {}

    public TrainingTrace {
        steps = List.copyOf(steps);
    }

    /**
     * A figure of the steps, e.g. {@code StepReport::cosine}, as a moving average over the window of steps that ends at each, thinned out
     * evenly to so many points at most; the last step is always kept. Steps at which the figure is NaN are left out of the averages; empty
     * if it is NaN throughout, as the cosine of plain SGD is.
     */
    public Curve curve(ToDoubleFunction<StepReport> figure, int window, int points) {
        Validate.isTrue(window >= 1 && points >= 2, "A curve needs a window of a step and two points [window: %d, points: %d]", window,
                points);
        int last = steps.size() - 1;
        int kept = Math.min(points, steps.size());
        int[] at = IntStream.range(0, kept).map(i -> kept == 1 ? last : (int) ((long) i * last / (kept - 1)))
                .filter(step -> !Double.isNaN(average(figure, step, window))).toArray();
        return new Curve(Arrays.stream(at).mapToDouble(step -> step + 1).toArray(),
                Arrays.stream(at).mapToDouble(step -> average(figure, step, window)).toArray());
    }

    private double average(ToDoubleFunction<StepReport> figure, int step, int window) {
        List<StepReport> averaged = steps.subList(Math.max(0, step + 1 - window), step + 1);
        return averaged.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    /** How often each direction was taken, of all steps: shares that add up to 1, of every branch. */
    public static Map<Branch, Double> branchShares(List<StepReport> steps) {
        Map<Branch, Double> shares = new EnumMap<>(Branch.class);
        for (Branch branch : Branch.values()) {
            shares.put(branch, steps.stream().mapToDouble(step -> step.branch() == branch ? 1 : 0).average().orElse(Double.NaN));
        }
        return shares;
    }

    /** A third of the steps, counted from 0. */
    public static List<StepReport> third(List<StepReport> steps, int which) {
        return steps.subList(steps.size() * which / 3, steps.size() * (which + 1) / 3);
    }
}
