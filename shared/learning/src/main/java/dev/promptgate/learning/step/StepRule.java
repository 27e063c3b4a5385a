package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.Objective;

/** How a step finds its direction: what SGD takes for the gradient. May hold the state of one run; not thread-safe. */
@FunctionalInterface
public interface StepRule {
    /** A direction, and what was seen on the way to it. */
    record Proposal(float[] direction, StepReport report) {}

    /** @throws NonFiniteLossException if a loss or gradient is not finite; the state is as before then */
    Proposal propose(float[] parameters, Objective objective);
}
