package dev.promptgate.experiments.run;

import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.StepReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the cells of a plan that are not finished yet; finished ones are looked up in the store, and put there. Blocking; one thread. */
public record MethodComparison(Plan plan, DigestFolder store) {
    /** Follows a comparison; called on the thread that runs it. */
    public interface Listener {
        void begin(Cell cell);

        /** Units of work are done: training steps, and one for each cell. */
        void advance(long units);

        /** A cell ended without a result. */
        void failed(Cell cell, String reason);
    }

    /** Results of finished cells, and why others failed, both in the order of the plan. */
    public record Results(Map<Cell, CellResult> finished, Map<Cell, String> failed) {}

    /** Units of work still to do, as {@link Listener#advance} counts them. */
    public long work() {
        return plan.cells().stream().filter(cell -> find(cell).isEmpty()).mapToLong(this::units).sum();
    }

    private long units(Cell cell) {
        return 1L + plan.protocol().steps(plan.setting(), plan.run(cell, report -> {}));
    }

    private Optional<CellResult> find(Cell cell) {
        return store.find(cell, plan.circumstances(plan.method(cell)), CellResult::decode);
    }

    /** @throws IOException if a result cannot be written */
    public Results run(Listener listener) throws IOException {
        Results results = new Results(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Cell cell : plan.cells()) {
            Optional<CellResult> earlier = find(cell);
            if (earlier.isPresent()) {
                results.finished().put(cell, earlier.get());
                continue;
            }
            listener.begin(cell);
            try {
                CellResult result = run(cell, listener);
                store.save(cell, plan.circumstances(plan.method(cell)), result.encode());
                results.finished().put(cell, result);
            } catch (NonFiniteLossException e) {
                results.failed().put(cell, e.getMessage());
                listener.failed(cell, e.getMessage());
            }
            listener.advance(1);
        }
        return results;
    }

    private CellResult run(Cell cell, Listener listener) {
        ComparedMethod method = plan.method(cell);
        List<StepReport> reports = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        long began = System.nanoTime();
        RunOutcome outcome = plan.protocol().run(plan.setting(), plan.run(cell, report -> {
            reports.add(report);
            ends.add(System.nanoTime());
            listener.advance(1);
        }));
        return new CellResult(new Cell(method.name(), cell.seed(), cell.shots()), outcome, (System.nanoTime() - began) / 1e9,
                StepCosts.median(StepCosts.between(ends)), reports);
    }
}
