package dev.promptgate.learning.loss;

/** A loss over one batch, as a function of the parameters: of a context's values [tokens · width], or of more. */
@FunctionalInterface
public interface Objective {
    /** The loss and its gradient at some parameters; the same batch at every call. */
    LossGradient at(float[] parameters);
}
