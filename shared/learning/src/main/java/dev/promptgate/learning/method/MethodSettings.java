package dev.promptgate.learning.method;

import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.step.StepRule;
import java.util.Map;
import java.util.stream.Collectors;

/** A method with those of its hyperparameters that are not the paper's defaults; other methods' may be among them. */
public record MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values) {
    /** @throws IllegalArgumentException if a value of the method is out of its range */
    public MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values) {
        this.method = method;
        this.values = Map.copyOf(values);
        rule();
        loss();
    }

    public static MethodSettings defaults(ContextMethod method) {
        return new MethodSettings(method, Map.of());
    }

    public double get(Hyperparameter hyperparameter) {
        return values.getOrDefault(hyperparameter, hyperparameter.defaultValue());
    }

    /** How a step finds its direction; fresh at every call, since a rule may remember the steps of its run. */
    public StepRule rule() {
        return method.rule(this);
    }

    public MethodLoss loss() {
        return method.loss(this);
    }

    /** The radius ρ of its perturbation; of a method without one, the value of {@link Hyperparameter#RHO}. */
    public double rho() {
        return get(method.hyperparameters().stream().filter(known -> known.symbol().equals("ρ")).findFirst().orElse(Hyperparameter.RHO));
    }

    /** All of its hyperparameters with their values, e.g. {@code ρ = 0.1, β1 = 0.5}; a dash if it has none. */
    public String describe() {
        String text = method.hyperparameters().stream().map(known -> known.symbol() + " = " + plain(get(known)))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "–" : text;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
