package dev.promptgate.learning.training;

import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.step.StepRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * SGD with momentum along the direction that a {@link StepRule} finds. The arithmetic is PyTorch's: weight decay is added to the direction,
 * then the momentum buffer, which starts as the first direction; no dampening, no Nesterov. Not thread-safe: it holds the momentum buffer
 * of one run.
 */
public final class Optimiser {
    private final StepRule rule;
    private final SgdSettings settings;
    private float[] momentumBuffer;

    public Optimiser(StepRule rule, SgdSettings settings) {
        this.rule = rule;
        this.settings = settings;
    }

    /** The parameters at the end, and what each step saw. */
    public record Result(float[] parameters, List<StepReport> reports) {}

    /**
     * One batch, one step, until the schedule ends: the same for every method.
     *
     * @param batches the objective of step i, counted from 0; asked for in order
     * @param listener gets every step's report, on this thread; what it throws ends the run
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    public Result run(CosineSchedule schedule, float[] start, IntFunction<Objective> batches, Consumer<StepReport> listener) {
        float[] parameters = start;
        List<StepReport> reports = new ArrayList<>();
        for (int step = 0; step < schedule.steps(); step++) {
            Step done = step(parameters, batches.apply(step), schedule.rate(step));
            parameters = done.parameters();
            reports.add(done.report());
            listener.accept(done.report());
        }
        return new Result(parameters, reports);
    }

    /** The parameters after a step, and what the step saw. */
    public record Step(float[] parameters, StepReport report) {}

    /**
     * One step on one batch, at the schedule's rate for it; the parameters are read only.
     *
     * @throws NonFiniteLossException if a loss, gradient or the new parameters are not finite; the optimiser is unchanged then
     */
    public Step step(float[] parameters, Objective objective, double learningRate) {
        StepRule.Proposal proposal = rule.propose(parameters, objective);
        float[] decayed = Vectors.plus(proposal.direction(), settings.weightDecay(), parameters);
        float[] buffer = momentumBuffer == null ? decayed : Vectors.plus(decayed, settings.momentum(), momentumBuffer);
        float[] next = Vectors.plus(parameters, -learningRate, buffer);
        if (!Double.isFinite(Vectors.norm(next))) {
            throw new NonFiniteLossException(
                    "The step leads to parameters that are not finite; lower the learning rate [loss: " + proposal.report().loss() + "]");
        }
        momentumBuffer = buffer;
        return new Step(next, proposal.report());
    }
}
