package dev.promptgate.learning.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The hyperparameters that every method shares; defaults from the authors' configuration of CoOp and GCSCoOp.
 *
 * @param learningRate peak rate of the schedule
 */
public record SgdSettings(double learningRate, double momentum, double weightDecay) {
    public static final SgdSettings DEFAULT = new SgdSettings(0.002, 0.9, 5e-4);

    /** @throws IllegalArgumentException naming every violation */
    public SgdSettings {
        List<String> violations = new ArrayList<>();
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
}
