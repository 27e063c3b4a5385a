package dev.promptgate.experiments.report;

import dev.promptgate.experiments.run.Cell;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.MethodComparison;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.statistics.Estimate;
import dev.promptgate.experiments.statistics.PairedDifference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A comparison's results over the seeds. Only finished cells count, and a difference only those that both methods finished. */
public record Summary(Plan plan, MethodComparison.Results results) {
    /** Finished cells of a method, in the order of the seeds. */
    public List<CellResult> cells(ComparedMethod method, int shots) {
        return plan.seeds().stream().map(seed -> results.finished().get(new Cell(method.name(), seed, shots)))
                .filter(Objects::nonNull).toList();
    }

    public Estimate figure(ComparedMethod method, int shots, String name) {
        return over(method, shots, cell -> cell.outcome().figures().getOrDefault(name, Double.NaN));
    }

    /** Anything else about the cells, over the seeds. */
    public Estimate over(ComparedMethod method, int shots, ToDoubleFunction<CellResult> value) {
        return Estimate.of(cells(method, shots).stream().mapToDouble(value).toArray());
    }

    /** How much better a method is than another on the seeds that both finished; empty if there is none. */
    public Optional<PairedDifference> difference(ComparedMethod method, ComparedMethod other, int shots, String name) {
        List<List<CellResult>> pairs = plan.seeds().stream()
                .map(seed -> Stream.of(method, other).map(m -> results.finished().get(new Cell(m.name(), seed, shots)))
                        .filter(Objects::nonNull).toList())
                .filter(pair -> pair.size() == 2).toList();
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        List<List<boolean[]>> answers = pairs.stream()
                .map(pair -> pair.stream().map(cell -> cell.outcome().correct().get(name)).filter(Objects::nonNull).toList()).toList();
        if (answers.stream().allMatch(pair -> pair.size() == 2)) {
            return Optional.of(PairedDifference.ofAnswers(answers.stream().map(pair -> pair.get(0)).toList(),
                    answers.stream().map(pair -> pair.get(1)).toList()));
        }
        return Optional.of(PairedDifference.ofFigures(figures(pairs, 0, name), figures(pairs, 1, name)));
    }

    private static double[] figures(List<List<CellResult>> pairs, int which, String name) {
        return pairs.stream().mapToDouble(pair -> pair.get(which).outcome().figures().getOrDefault(name, Double.NaN)).toArray();
    }

    public boolean isComplete() {
        return results.finished().size() == plan.cells().size();
    }
}
