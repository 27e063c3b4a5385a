package dev.promptgate.learning.loss;

/**
 * A loss and its gradient with respect to the parameters.
 *
 * @param gradient as long as the parameters
 */
public record LossGradient(double loss, float[] gradient) {
    /**
     * This, or an exception that names it.
     *
     * @throws NonFiniteLossException if the loss or a component of the gradient is NaN or infinite
     */
    public LossGradient checked(String what) {
        if (!Double.isFinite(loss) || !Double.isFinite(Vectors.norm(gradient))) {
            throw new NonFiniteLossException("The %s or its gradient is not finite [loss: %s]".formatted(what, loss));
        }
        return this;
    }
}
