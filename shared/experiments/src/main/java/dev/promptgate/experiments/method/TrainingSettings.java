package dev.promptgate.experiments.method;

import java.util.ArrayList;
import java.util.List;

/**
 * How long and how fast a method trains; the same for all methods that are compared, unless their own papers' schedule is asked for.
 *
 * @param learningRate peak of the cosine schedule
 * @param warmUpEpochs epochs at the small constant rate
 */
public record TrainingSettings(int epochs, int batch, double learningRate, int warmUpEpochs, double momentum, double weightDecay) {
    /** @throws IllegalArgumentException naming every violation */
    public TrainingSettings {
        List<String> violations = new ArrayList<>();
        if (epochs < 1 || batch < 1) {
            violations.add("epochs and batch must be positive");
        }
        if (!(learningRate > 0)) {
            violations.add("the learning rate must be positive");
        }
        if (warmUpEpochs < 0 || warmUpEpochs >= epochs) {
            violations.add("the warm-up must be shorter than the training");
        }
        if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
            violations.add("momentum must lie in [0, 1) and weight decay must not be negative");
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }
}
