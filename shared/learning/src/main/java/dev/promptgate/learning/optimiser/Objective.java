package dev.promptgate.learning.optimiser;

import dev.promptgate.clip.Context;

/** A loss over one batch, as a function of the context. */
@FunctionalInterface
public interface Objective {
    /** The loss and its gradient at a context; the same batch at every call. */
    LossGradient at(Context context);
}
