package dev.promptgate.learning.method;

import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.step.StepRule;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

/** A method with those of its hyperparameters that are not the paper's defaults; other methods' may be among them. */
public record MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values) {
    /** @throws IllegalArgumentException if a value of the method is out of its range */
    public MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values) {
        this.method = method;
        this.values = Map.copyOf(values);
        rule();
        loss();
        double perStep = get(Hyperparameter.CLASSES_PER_STEP);
        Validate.isTrue(perStep >= 0 && perStep == (int) perStep, "classes-per-step must be a whole number, 0 for all classes");
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

    /** The most classes that a step tells apart; 0 for all. */
    public int classesPerStep() {
        return (int) get(Hyperparameter.CLASSES_PER_STEP);
    }

    /**
     * Whether steps have room for other classes than those of a batch of so many images, as they must: the others would have nothing that
     * stands for them.
     */
    public boolean takesBatch(int images) {
        return classesPerStep() == 0 || classesPerStep() > images;
    }

    /** The radius ρ of its perturbation; of a method without one, the value of {@link Hyperparameter#RHO}. */
    public double rho() {
        return get(method.hyperparameters().stream().filter(known -> known.symbol().equals("ρ")).findFirst().orElse(Hyperparameter.RHO));
    }

    /**
     * All of its hyperparameters with their values, e.g. {@code ρ = 0.1, β1 = 0.5}, and the classes of a step if not all; a dash for none.
     */
    public String describe() {
        String text = method.allHyperparameters().stream().filter(known -> known != Hyperparameter.CLASSES_PER_STEP || get(known) > 0)
                .map(known -> known.symbol() + " = " + plain(get(known)))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "–" : text;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
