package dev.promptgate.learning.loss;

/** A loss and its gradient with respect to the parameters, as long as these. */
public record LossGradient(double loss, float[] gradient) {
    /** @throws NonFiniteLossException naming the loss, if it or a component of the gradient is NaN or infinite */
    public LossGradient checked(String what) {
        if (!Double.isFinite(loss) || !Double.isFinite(Vectors.norm(gradient))) {
            throw new NonFiniteLossException("The %s or its gradient is not finite [loss: %s]".formatted(what, loss));
        }
        return this;
    }
}
