package dev.promptgate.experiments.run;

import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;

/** What a training step costs with each method: in rounds, each method after the other, so that a busy machine is unfair to none. */
public final class StepCosts {
    private static final int ROUNDS = 5;
    private static final int STEPS = 6;

    private StepCosts() {}

    /** Ends a run that only was to be timed. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Median wall clock of a step in milliseconds, by method; methods that do not train are left out. */
    public static Map<String, Double> measure(Plan plan) {
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (ComparedMethod method : plan.methods()) {
                Cell cell = new Cell(method.name(), plan.seeds().get(0), plan.shots().get(plan.shots().size() - 1));
                if (plan.protocol().steps(plan.setting(), plan.run(cell, report -> {})) > STEPS) {
                    millis.computeIfAbsent(method.name(), name -> new ArrayList<>()).addAll(steps(plan, cell));
                }
            }
        }
        Map<String, Double> medians = new HashMap<>();
        millis.forEach((name, values) -> medians.put(name, median(values)));
        return medians;
    }

    /** The first step counts for nothing: it starts when the preparations do. */
    private static List<Double> steps(Plan plan, Cell cell) {
        List<Long> ends = new ArrayList<>();
        try {
            plan.protocol().run(plan.setting(), plan.run(cell, (StepReport report) -> {
                ends.add(System.nanoTime());
                if (ends.size() > STEPS) {
                    throw new EnoughException();
                }
            }));
        } catch (EnoughException e) {
            // timed
        }
        return between(ends);
    }

    /** Milliseconds from each of some nanosecond times to the next. */
    static List<Double> between(List<Long> nanos) {
        return IntStream.range(1, nanos.size()).mapToObj(i -> (nanos.get(i) - nanos.get(i - 1)) / 1e6).toList();
    }

    /** Of no measurement NaN, not 0. */
    static double median(List<Double> values) {
        return StatUtils.percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), 50);
    }
}
