package dev.promptgate.learning.loss;

/**
 * ProGrad (arXiv 2205.14865): a loss whose gradient g loses what conflicts with general knowledge. Where g points against the gradient k of
 * the general loss, λ times its projection on k is taken off: g − λ (g · k̂) k̂; elsewhere it is g itself (prograd_backward_and_update in
 * the trainer of the authors' code). The loss that is reported is the first alone.
 */
public record PromptAlignedGradient(Objective loss, Objective general, double lambda) implements Objective {
    @Override
    public LossGradient at(float[] parameters) {
        LossGradient own = loss.at(parameters);
        float[] knowledge = general.at(parameters).checked("loss of general knowledge").gradient();
        return Vectors.dot(own.gradient(), knowledge) < 0
                ? new LossGradient(own.loss(), Vectors.without(own.gradient(), lambda, knowledge)) : own;
    }
}
