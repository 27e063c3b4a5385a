package dev.promptgate.learning.optimiser;

import dev.promptgate.clip.Context;

/**
 * SGD with momentum on the context, along the direction of CoOp, SAM or GCSAM. The arithmetic is PyTorch's: weight decay is added to the
 * direction, then the momentum buffer, which starts as the first direction; no dampening, no Nesterov. Not thread-safe: it holds the
 * momentum buffer of one run.
 */
public final class ContextOptimiser {
    private static final double TINY = 1e-12;

    private final OptimiserSettings settings;
    private float[] momentumBuffer;

    /** A run with an empty momentum buffer. */
    public ContextOptimiser(OptimiserSettings settings) {
        this.settings = settings;
    }

    /** The context after a step, and what the step saw. */
    public record Step(Context context, StepReport report) {}

    /**
     * One step on one batch.
     *
     * @param learningRate the schedule's rate for this step
     * @throws NonFiniteLossException if a loss, gradient or the new context is not finite; the optimiser is unchanged then
     */
    public Step step(Context context, Objective objective, double learningRate) {
        LossGradient plain = checked(objective.at(context), "loss");
        float[] g = plain.gradient();
        if (settings.method() == Method.COOP) {
            return descend(context, g, learningRate, new StepReport(plain.loss(), Double.NaN, Double.NaN, Branch.ERM));
        }
        double radius = settings.rho() / (Vectors.norm(g) + TINY);
        Context perturbed = context.withValues(Vectors.plus(context.values(), radius, g));
        LossGradient sharp = checked(objective.at(perturbed), "perturbed loss");
        float[] s = sharp.gradient();
        if (settings.method() == Method.SCOOP) {
            return descend(context, s, learningRate,
                    new StepReport(plain.loss(), sharp.loss(), GradientConstraint.cosine(s, g), Branch.SAM));
        }
        GradientConstraint.Direction direction = new GradientConstraint(settings.lowerBound(), settings.upperBound()).choose(s, g);
        return descend(context, direction.values(), learningRate,
                new StepReport(plain.loss(), sharp.loss(), direction.cosine(), direction.branch()));
    }

    private Step descend(Context context, float[] direction, double learningRate, StepReport report) {
        float[] decayed = Vectors.plus(direction, settings.weightDecay(), context.values());
        float[] buffer = momentumBuffer == null ? decayed : Vectors.plus(decayed, settings.momentum(), momentumBuffer);
        Context next = context.withValues(Vectors.plus(context.values(), -learningRate, buffer));
        if (!next.isFinite()) {
            throw new NonFiniteLossException("The step leads to a context that is not finite; lower the learning rate [loss: " + report.loss() + "]");
        }
        momentumBuffer = buffer;
        return new Step(next, report);
    }

    private static LossGradient checked(LossGradient value, String what) {
        if (!Double.isFinite(value.loss()) || !Double.isFinite(Vectors.norm(value.gradient()))) {
            throw new NonFiniteLossException("The %s or its gradient is not finite [loss: %s]".formatted(what, value.loss()));
        }
        return value;
    }
}
