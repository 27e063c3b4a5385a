package dev.promptgate.experiments.method;

import dev.promptgate.clip.failure.Violations;
import dev.promptgate.learning.training.SgdSettings;

/**
 * How long and how fast a method trains; the same for all methods that are compared, unless their own papers' schedule is asked for. The
 * learning rate is the peak of the cosine schedule; warm-up epochs are at the small constant one.
 */
public record TrainingSettings(int epochs, int batch, double learningRate, int warmUpEpochs, double momentum, double weightDecay) {
    /** @throws IllegalArgumentException naming every violation */
    public TrainingSettings {
        Violations violations = new Violations().unless(epochs >= 1 && batch >= 1, "epochs and batch must be positive");
        violations.part(() -> new SgdSettings(learningRate, momentum, weightDecay), null);
        violations.unless(warmUpEpochs >= 0 && warmUpEpochs < epochs, "the warm-up must be shorter than the training").refuse();
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
