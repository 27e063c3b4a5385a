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
    /** Empty if nothing was trained. */
    String markdown() {
        int shots = summary.plan().shots().get(summary.plan().shots().size() - 1);
        List<List<String>> rows = summary.plan().methods().stream()
                .filter(method -> summary.cells(method, shots).stream().anyMatch(cell -> !cell.reports().isEmpty()))
                .map(method -> row(method, summary.cells(method, shots))).toList();
        return rows.isEmpty() ? ""
                : "## Gradients over training\n\ng is the plain gradient, s the sharpness-aware one; a dash where a method does not "
                        + "look at s, or does not choose between directions.\n\n"
                        + Markdown.table(List.of("method", "cos(s, g): mean", "least", "sam / bisector / erm, all of training",
                                "first third", "last third", "loss: first tenth", "last tenth", "perturbed loss: last tenth"), rows);
    }

    private static List<String> row(ComparedMethod method, List<CellResult> cells) {
        List<StepReport> all = cells.stream().flatMap(cell -> cell.reports().stream()).toList();
        double least = all.stream().mapToDouble(StepReport::cosine).filter(Double::isFinite).min().orElse(Double.NaN);
        List<String> row = new ArrayList<>(
                List.of(method.title(), Markdown.number("%.3f", all.stream().mapToDouble(StepReport::cosine).average().orElse(Double.NaN)),
                        Markdown.number("%.3f", least)));
        row.addAll(choosesBranches(method) ? List.of(shares(all), shares(third(cells, 0)), shares(third(cells, 2)))
                : List.of("–", "–", "–"));
        row.add(Markdown.number("%.4f", tenth(cells, false, StepReport::loss)));
        row.add(Markdown.number("%.4f", tenth(cells, true, StepReport::loss)));
        row.add(Markdown.number("%.4f", tenth(cells, true, StepReport::perturbedLoss)));
        return row;
    }

    private static boolean choosesBranches(ComparedMethod method) {
        return method.learner() instanceof ContextLearner learner && learner.method().rule() instanceof GradientConstraint;
    }

    private static List<StepReport> third(List<CellResult> cells, int which) {
        return cells.stream().flatMap(cell -> TrainingTrace.third(cell.reports(), which).stream()).toList();
    }

    private static double tenth(List<CellResult> cells, boolean last, ToDoubleFunction<StepReport> figure) {
        return cells.stream().map(CellResult::reports).flatMap(reports -> {
            long tenth = Math.max(1, reports.size() / 10);
            return last ? reports.stream().skip(Math.max(0, reports.size() - tenth)) : reports.stream().limit(tenth);
        }).mapToDouble(figure).average().orElse(Double.NaN);
    }

    private static String shares(List<StepReport> steps) {
        Map<Branch, Double> shares = TrainingTrace.branchShares(steps);
        return "%.0f / %.0f / %.0f%%".formatted(100 * shares.get(Branch.SAM), 100 * shares.get(Branch.BISECTOR),
                100 * shares.get(Branch.ERM));
    }
}
