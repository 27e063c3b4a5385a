package dev.promptgate.experiments.landscape;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.loss.TextLoss;

/** A loss as a function of the parameters, without its gradient; the same samples at every call. */
@FunctionalInterface
public interface LossFunction {
    double at(float[] parameters);

    /** A loss through the prompted text encoder, of contexts of the given shape, forward only: no graph is kept. */
    static LossFunction of(TextEncoder encoder, PromptSet prompts, Context shape, TextLoss loss) {
        return parameters -> loss.at(encoder.features(shape.withValues(parameters), prompts)).loss();
    }
}
