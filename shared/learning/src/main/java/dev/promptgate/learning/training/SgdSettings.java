package dev.promptgate.learning.training;

import dev.promptgate.clip.failure.Violations;

/**
 * The hyperparameters that every method shares; defaults from the authors' configuration of CoOp and GCSCoOp. The learning rate is the
 * schedule's peak.
 */
public record SgdSettings(double learningRate, double momentum, double weightDecay) {
    public static final SgdSettings DEFAULT = new SgdSettings(0.002, 0.9, 5e-4);

    /** @throws IllegalArgumentException naming every violation */
    public SgdSettings {
        new Violations().unless(learningRate > 0, "the learning rate must be positive")
                .unless(momentum >= 0 && momentum < 1, "momentum must lie in [0, 1)")
                .unless(weightDecay >= 0, "weight decay must not be negative")
                .refuse();
    }
}
