package dev.promptgate.learning.training;

import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** One batch, one step, until the schedule ends: the same for every method. The optimiser is of this run alone. */
public record TrainingLoop(Optimiser optimiser, CosineSchedule schedule) {
    /** The parameters at the end, and what each step saw. */
    public record Result(float[] parameters, List<StepReport> reports) {}

    /**
     * @param batches the objective of step i, counted from 0; asked for in order
     * @param listener gets every step's report, on this thread; what it throws ends the run
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    public Result run(float[] start, IntFunction<Objective> batches, Consumer<StepReport> listener) {
        float[] parameters = start;
        List<StepReport> reports = new ArrayList<>();
        for (int step = 0; step < schedule.steps(); step++) {
            Optimiser.Step done = optimiser.step(parameters, batches.apply(step), schedule.rate(step));
            parameters = done.parameters();
            reports.add(done.report());
            listener.accept(done.report());
        }
        return new Result(parameters, reports);
    }
}
