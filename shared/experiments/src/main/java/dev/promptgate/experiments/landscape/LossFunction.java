package dev.promptgate.experiments.landscape;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.loss.TextLoss;

/** A loss as a function of the parameters, without its gradient; the same samples at every call. */
@FunctionalInterface
public interface LossFunction {
    /** The loss at some parameters, which are read only. */
    double at(float[] parameters);

    /**
     * A loss through the prompted text encoder, forward only: no graph is kept.
     *
     * @param shape a context of the shape that the parameters have
     */
    static LossFunction of(TextEncoder encoder, PromptSet prompts, Context shape, TextLoss loss) {
        return parameters -> loss.at(encoder.features(shape.withValues(parameters), prompts)).loss();
    }
}
