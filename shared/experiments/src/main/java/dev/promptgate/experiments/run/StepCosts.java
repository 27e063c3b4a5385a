package dev.promptgate.experiments.run;

import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        millis.forEach(
                (name, values) -> medians.put(name, StatUtils.percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), 50)));
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
        List<Double> millis = new ArrayList<>();
        for (int i = 1; i < ends.size(); i++) {
            millis.add((ends.get(i) - ends.get(i - 1)) / 1e6);
        }
        return millis;
    }
}
