package dev.promptgate.learning.optimiser;

import java.util.ArrayList;
import java.util.List;

/**
 * The optimiser's hyperparameters; defaults from the authors' configuration of GCSCoOp.
 *
 * @param rho radius ρ of the perturbation
 * @param lowerBound β1; at or below zero the {@code erm} branch is off
 * @param upperBound β2
 * @param learningRate peak rate of the schedule
 */
public record OptimiserSettings(Method method, double rho, double lowerBound, double upperBound, double learningRate, double momentum,
        double weightDecay) {
    public static final double DEFAULT_RHO = 0.1;
    public static final double DEFAULT_LOWER_BOUND = 0.5;
    public static final double DEFAULT_UPPER_BOUND = 0.8;
    public static final double DEFAULT_LEARNING_RATE = 0.002;
    public static final double DEFAULT_MOMENTUM = 0.9;
    public static final double DEFAULT_WEIGHT_DECAY = 5e-4;

    /** @throws IllegalArgumentException naming every violation */
    public OptimiserSettings {
        List<String> violations = new ArrayList<>();
        if (!(rho >= 0)) {
            violations.add("rho must not be negative");
        }
        if (!(lowerBound < upperBound && upperBound <= 1 && lowerBound >= -1)) {
            violations.add("the bounds on the cosine must satisfy -1 <= lower < upper <= 1");
        }
        if (!(learningRate > 0)) {
            violations.add("the learning rate must be positive");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            violations.add("momentum must lie in [0, 1)");
        }
        if (!(weightDecay >= 0)) {
            violations.add("weight decay must not be negative");
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }

    /** The method's rule, with a fresh state. */
    public StepRule rule() {
        return switch (method) {
            case COOP -> new PlainGradient();
            case SCOOP -> new SharpnessAware(rho);
            case GCSCOOP -> new GradientConstraint(rho, lowerBound, upperBound);
        };
    }

    /** GCSCoOp as its authors configure it. */
    public static OptimiserSettings defaults() {
        return new OptimiserSettings(Method.GCSCOOP, DEFAULT_RHO, DEFAULT_LOWER_BOUND, DEFAULT_UPPER_BOUND, DEFAULT_LEARNING_RATE,
                DEFAULT_MOMENTUM, DEFAULT_WEIGHT_DECAY);
    }
}
