package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;

/** The gradient itself: CoOp (arXiv 2109.01134), and whatever differs from it in the loss alone. */
public final class PlainGradient implements StepRule {
    @Override
    public Proposal propose(float[] parameters, Objective objective) {
        LossGradient plain = objective.at(parameters).checked("loss");
        return new Proposal(plain.gradient(), new StepReport(plain.loss(), Double.NaN, Double.NaN, Branch.ERM));
    }
}
