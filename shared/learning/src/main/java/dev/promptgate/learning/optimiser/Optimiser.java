package dev.promptgate.learning.optimiser;

/**
 * SGD with momentum along the direction that a {@link StepRule} finds. The arithmetic is PyTorch's: weight decay is added to the
 * direction, then the momentum buffer, which starts as the first direction; no dampening, no Nesterov. Not thread-safe: it holds the
 * momentum buffer of one run.
 */
public final class Optimiser {
    private final StepRule rule;
    private final double momentum;
    private final double weightDecay;
    private float[] momentumBuffer;

    /** A run with an empty momentum buffer. */
    public Optimiser(StepRule rule, double momentum, double weightDecay) {
        this.rule = rule;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
    }

    /** A run of the method that the settings name. */
    public Optimiser(OptimiserSettings settings) {
        this(settings.rule(), settings.momentum(), settings.weightDecay());
    }

    /** The parameters after a step, and what the step saw. */
    public record Step(float[] parameters, StepReport report) {}

    /**
     * One step on one batch.
     *
     * @param parameters read only
     * @param learningRate the schedule's rate for this step
     * @throws NonFiniteLossException if a loss, gradient or the new parameters are not finite; the optimiser is unchanged then
     */
    public Step step(float[] parameters, Objective objective, double learningRate) {
        StepRule.Proposal proposal = rule.propose(parameters, objective);
        float[] decayed = Vectors.plus(proposal.direction(), weightDecay, parameters);
        float[] buffer = momentumBuffer == null ? decayed : Vectors.plus(decayed, momentum, momentumBuffer);
        float[] next = Vectors.plus(parameters, -learningRate, buffer);
        if (!Double.isFinite(Vectors.norm(next))) {
            throw new NonFiniteLossException(
                    "The step leads to parameters that are not finite; lower the learning rate [loss: " + proposal.report().loss() + "]");
        }
        momentumBuffer = buffer;
        return new Step(next, proposal.report());
    }
}
