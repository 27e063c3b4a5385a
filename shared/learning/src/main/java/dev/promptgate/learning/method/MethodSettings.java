package dev.promptgate.learning.method;

import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.step.StepRule;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * A method with those of its hyperparameters that are not the paper's defaults; other methods' may be among them.
 *
 * @param labelLoss what a wrong prediction costs; every method's paper has cross-entropy
 */
public record MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values, LabelLoss labelLoss) {
    /** By cross-entropy. */
    public MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values) {
        this(method, values, LabelLoss.CROSS_ENTROPY);
    }

    /** @throws IllegalArgumentException if a value of the method is out of its range */
    public MethodSettings(ContextMethod method, Map<Hyperparameter, Double> values, LabelLoss labelLoss) {
        this.method = method;
        this.labelLoss = labelLoss;
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

    /** Of KgCoOp's distance in the loss of another method; 0 of those that have no such weight. */
    public double knowledgeWeight() {
        return method.allHyperparameters().contains(Hyperparameter.KNOWLEDGE_WEIGHT) ? get(Hyperparameter.KNOWLEDGE_WEIGHT) : 0;
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
     * All of its hyperparameters with their values, e.g. {@code ρ = 0.1, β1 = 0.5}, but those that zero leaves out, and the loss if it is
     * not cross-entropy; a dash for none.
     */
    public String describe() {
        Stream<String> values = method.allHyperparameters().stream()
                .filter(known -> !known.isOffAtZero() || get(known) > 0)
                .map(known -> known.symbol() + " = " + plain(get(known)));
        Stream<String> loss = Stream.of("loss = " + labelLoss.key()).filter(any -> labelLoss != LabelLoss.CROSS_ENTROPY);
        String text = Stream.concat(values, loss).collect(Collectors.joining(", "));
        return text.isEmpty() ? "–" : text;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
