package dev.promptgate.learning.loss;

/** A loss as a function of the classes' text features, for one batch of images. */
@FunctionalInterface
public interface TextLoss {
    /** The loss and ∂loss/∂text, [classes][dim]. */
    record Result(double loss, float[][] byTextFeatures) {}

    /** @param text [classes][dim], L2-normalised */
    Result at(float[][] text);
}
