package dev.promptgate.experiments.method;

import dev.promptgate.learning.training.SgdSettings;
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
        if (warmUpEpochs < 0 || warmUpEpochs >= epochs) {
            violations.add("the warm-up must be shorter than the training");
        }
        try {
            new SgdSettings(learningRate, momentum, weightDecay);
        } catch (IllegalArgumentException e) {
            violations.add(e.getMessage());
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }

    /** With the rates that all papers share, and one epoch of warm-up. */
    public static TrainingSettings of(int epochs, int batch) {
        return of(epochs, batch, SgdSettings.DEFAULT.learningRate());
    }

    /** The same with another peak; the warm-up, an epoch, only where there are several. */
    public static TrainingSettings of(int epochs, int batch, double learningRate) {
        return new TrainingSettings(epochs, batch, learningRate, epochs > 1 ? 1 : 0, SgdSettings.DEFAULT.momentum(),
                SgdSettings.DEFAULT.weightDecay());
    }

    public SgdSettings sgd() {
        return new SgdSettings(learningRate, momentum, weightDecay);
    }
}
