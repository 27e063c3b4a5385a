package dev.promptgate.experiments.report;

import dev.promptgate.experiments.landscape.TrainingTrace;
import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the gradients did over training: cosines, branches and losses of all seeds. */
record TracesSection(Summary summary) {
    String markdown() {
        MarkdownTable table = new MarkdownTable(List.of("method", "cos(s, g): mean", "least", "sam / bisector / erm, all of training",
                "first third", "last third", "loss: first tenth", "last tenth", "perturbed loss: last tenth"));
        int shots = summary.plan().shots().get(summary.plan().shots().size() - 1);
        boolean any = false;
        for (ComparedMethod method : summary.plan().methods()) {
            List<StepReport> all = summary.cells(method, shots).stream().flatMap(cell -> cell.reports().stream()).toList();
            if (!all.isEmpty()) {
                any = true;
                table.row(row(method, summary.cells(method, shots), all));
            }
        }
        return any
                ? "## Gradients over training\n\ng is the plain gradient, s the sharpness-aware one; a dash where a method does not "
                        + "look at s, or does not choose between directions.\n\n"
                        + table
                : "";
    }

    private static List<String> row(ComparedMethod method, List<CellResult> cells, List<StepReport> all) {
        double least = all.stream().mapToDouble(StepReport::cosine).filter(Double::isFinite).min().orElse(Double.NaN);
        List<String> row = new ArrayList<>(
                List.of(method.title(), Numbers.number("%.3f", all.stream().mapToDouble(StepReport::cosine).average().orElse(Double.NaN)),
                        Numbers.number("%.3f", least)));
        if (!choosesBranches(method)) {
            row.addAll(List.of("–", "–", "–"));
        } else {
            row.add(shares(all));
            row.add(shares(third(cells, 0)));
            row.add(shares(third(cells, 2)));
        }
        row.add(Numbers.number("%.4f", tenth(cells, false, StepReport::loss)));
        row.add(Numbers.number("%.4f", tenth(cells, true, StepReport::loss)));
        row.add(Numbers.number("%.4f", tenth(cells, true, StepReport::perturbedLoss)));
        return row;
    }

    private static boolean choosesBranches(ComparedMethod method) {
        return method.learner() instanceof ContextLearner learner && learner.method().rule() instanceof GradientConstraint;
    }

    private static List<StepReport> third(List<CellResult> cells, int which) {
        return cells.stream().flatMap(cell -> TrainingTrace.third(cell.reports(), which).stream()).toList();
    }

    private static double tenth(List<CellResult> cells, boolean last, ToDoubleFunction<StepReport> figure) {
        return cells.stream().flatMap(cell -> {
            int size = cell.reports().size();
            int tenth = Math.max(1, size / 10);
            return (last ? cell.reports().subList(Math.max(0, size - tenth), size) : cell.reports().subList(0, Math.min(size, tenth)))
                    .stream();
        }).mapToDouble(figure).average().orElse(Double.NaN);
    }

    private static String shares(List<StepReport> steps) {
        Map<Branch, Double> shares = TrainingTrace.branchShares(steps);
        return "%.0f / %.0f / %.0f%%".formatted(100 * shares.get(Branch.SAM), 100 * shares.get(Branch.BISECTOR),
                100 * shares.get(Branch.ERM));
    }
}
