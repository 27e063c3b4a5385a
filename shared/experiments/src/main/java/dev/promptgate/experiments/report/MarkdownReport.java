package dev.promptgate.experiments.report;

import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.landscape.Sharpness;
import dev.promptgate.experiments.landscape.TrainingTrace;
import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Survey;
import dev.promptgate.experiments.statistics.PairedDifference;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

final class MarkdownReport {
    private final Summary summary;
    private final Plan plan;
    private final ComparedMethod reference;
    private final List<String> figures;

    MarkdownReport(Summary summary, ComparedMethod reference) {
        this.summary = summary;
        this.reference = reference;
        plan = summary.plan();
        figures = plan.protocol().figures(plan.setting());
    }

    String introduction(String command) {
        FeatureSet data = plan.setting().data();
        String protocol = plan.protocol().name();
        StringBuilder text = new StringBuilder("# %s on %s\n\n".formatted(protocol, data.name()));
        text.append("Protocol **%s**: %s.\n\n".formatted(protocol, plan.protocol().description(plan.setting())));
        text.append("```\n").append(command).append("\n```\n\n");
        List<List<String>> rows = new ArrayList<>(List.of(List.of("data", data(data))));
        plan.setting().targets().forEach(target -> rows.add(List.of("target", data(target))));
        rows.add(List.of("model", "fingerprint `" + plan.setting().model().fingerprint() + "`"));
        rows.add(List.of("shots a class", plan.shots().toString().replaceAll("[\\[\\]]", "")));
        rows.add(List.of("seeds", plan.seeds().toString().replaceAll("[\\[\\]]", "")));
        rows.add(List.of("schedule", plan.schedule() == null ? "each method's own paper's"
                : schedule(plan.schedule()) + "; the same for all that learn one context, while CoCoOp and Tip-Adapter-F have their own"));
        text.append(Markdown.table(List.of("", ""), rows)).append(
                "\nValues are means over the seeds in percent, ± half of the 95% interval by Student's t; with few seeds it is wide.\n");
        if (drawsNothing(data)) {
            text.append(
                    "\nNo class has more training images than shots, so that every seed trains on the same images: seeds differ by the "
                            + "order of the batches alone, and intervals over them say no more than that.\n");
        }
        if (!summary.isComplete()) {
            text.append("\n**Not complete**: %d of %d runs are finished.\n".formatted(summary.results().finished().size(),
                    plan.cells().size()));
            summary.results().failed().forEach((cell, reason) -> text.append("- failed: %s: %s\n".formatted(cell, reason)));
        }
        return text.toString();
    }

    private boolean drawsNothing(FeatureSet data) {
        int[] images = new int[data.classes().size()];
        data.train().forEach(sample -> images[sample.classIndex()]++);
        return IntStream.of(images).allMatch(n -> n <= plan.shots().get(0));
    }

    private static String data(FeatureSet data) {
        String text = "%s: %d classes, %d training and %d test images".formatted(data.name(), data.classes().size(), data.train().size(),
                data.test().size());
        return data.skipped().isEmpty() ? text : text + ", %d skipped".formatted(data.skipped().size());
    }

    private static String schedule(TrainingSettings settings) {
        return "%d epochs, batch %d, peak learning rate %s by cosine after %d epoch at 1e-5, momentum %s, weight decay %s".formatted(
                settings.epochs(), settings.batch(), Markdown.plain(settings.learningRate()), settings.warmUpEpochs(),
                Markdown.plain(settings.momentum()), Markdown.plain(settings.weightDecay()));
    }

    /** Every figure of every method. */
    String accuracies(int shots) {
        List<String> header = new ArrayList<>(List.of("method"));
        header.addAll(figures);
        header.addAll(List.of("seeds", "training and test, s", "bytes"));
        return Markdown.table(header, plan.methods().stream().map(method -> {
            List<String> row = new ArrayList<>(List.of(method.title()));
            figures.forEach(figure -> row.add(Markdown.percent(summary.figure(method, shots, figure))));
            row.add(Integer.toString(summary.cells(method, shots).size()));
            row.add(Markdown.number("%.1f", summary.over(method, shots, cell -> cell.trainSeconds()).mean()));
            row.add(Markdown.number("%,.0f", summary.over(method, shots, cell -> cell.outcome().bytes()).mean()));
            return row;
        }).toList());
    }

    /** Every figure of every method minus the reference's, with the tests; a table a figure. */
    String differences(int shots) {
        StringBuilder text = new StringBuilder(
                "In points, on the same seeds and images. Over seeds: ± half of the 95% interval, and a paired t-test: would other "
                        + "shots and batches say the same? "
                        + "Over images, each averaged over the seeds, likewise: would other test images? A p-value is for one "
                        + "difference alone: of twenty that are nothing but noise, one falls below 0.05.\n");
        for (String figure : figures) {
            text.append("\n").append(Markdown.table(
                    List.of(figure, "difference, ± over seeds", "p over seeds", "± over images", "p over images"),
                    plan.methods().stream().filter(method -> !method.equals(reference))
                            .map(method -> difference(method.title(), summary.difference(method, reference, shots, figure))).toList()));
        }
        return text.toString();
    }

    private static List<String> difference(String method, Optional<PairedDifference> difference) {
        return difference.map(d -> List.of(method, Markdown.points(d.overSeeds()), Markdown.pValue(d.seedsP()),
                Markdown.number("%.2f", 100 * d.overImages().halfWidth()), Markdown.pValue(d.imagesP())))
                .orElse(List.of(method, "–", "–", "–", "–"));
    }

    String costs(Map<String, Double> stepMillis) {
        double coop = stepMillis.getOrDefault("coop", Double.NaN);
        return Markdown.table(List.of("method", "ms a step", "times CoOp's"), plan.methods().stream()
                .filter(method -> stepMillis.containsKey(method.name()))
                .map(method -> List.of(method.title(), Markdown.number("%.1f", stepMillis.get(method.name())),
                        Markdown.number("%.2f", stepMillis.get(method.name()) / coop)))
                .toList());
    }

    /** What the gradients did over training: cosines, branches and losses of all seeds; empty if nothing was trained. */
    String gradients() {
        int shots = plan.shots().get(plan.shots().size() - 1);
        List<List<String>> rows = plan.methods().stream()
                .filter(method -> summary.cells(method, shots).stream().anyMatch(cell -> !cell.reports().isEmpty()))
                .map(method -> gradients(method, summary.cells(method, shots))).toList();
        return rows.isEmpty() ? ""
                : "## Gradients over training\n\ng is the plain gradient, s the sharpness-aware one; a dash where a method does not "
                        + "look at s, or does not choose between directions.\n\n"
                        + Markdown.table(List.of("method", "cos(s, g): mean", "least", "sam / bisector / erm, all of training",
                                "first third", "last third", "loss: first tenth", "last tenth", "perturbed loss: last tenth"), rows);
    }

    private static List<String> gradients(ComparedMethod method, List<CellResult> cells) {
        List<StepReport> all = cells.stream().flatMap(cell -> cell.reports().stream()).toList();
        double mean = all.stream().mapToDouble(StepReport::cosine).average().orElse(Double.NaN);
        double least = all.stream().mapToDouble(StepReport::cosine).filter(Double::isFinite).min().orElse(Double.NaN);
        boolean choosesBranches = method.learner() instanceof ContextLearner learner
                && learner.method().rule() instanceof GradientConstraint;
        List<String> row = new ArrayList<>(List.of(method.title(), Markdown.number("%.3f", mean), Markdown.number("%.3f", least)));
        row.addAll(choosesBranches ? List.of(shares(all), shares(third(cells, 0)), shares(third(cells, 2))) : List.of("–", "–", "–"));
        row.add(Markdown.number("%.4f", tenth(cells, false, StepReport::loss)));
        row.add(Markdown.number("%.4f", tenth(cells, true, StepReport::loss)));
        row.add(Markdown.number("%.4f", tenth(cells, true, StepReport::perturbedLoss)));
        return row;
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

    String surroundings(Map<ComparedMethod, Survey.Surroundings> surroundings) {
        double rho = surroundings.values().iterator().next().sharpness().rho();
        String table = Markdown.table(List.of("method", "loss", "worst rise in the ρ-ball", "rise one step uphill",
                "mean rise in a random direction", "λmax of the Hessian"),
                surroundings.entrySet().stream().map(e -> surroundings(e.getKey(), e.getValue())).toList());
        return ("## Loss around the solutions\n\nOf the first seed: cross-entropy over all its training images, whatever the method "
                + "trained on; ρ = %s; ± is one standard error; the same random directions for all.\n\n%s")
                .formatted(rho, table);
    }

    private static List<String> surroundings(ComparedMethod method, Survey.Surroundings found) {
        Sharpness sharpness = found.sharpness();
        return List.of(method.title(), Markdown.number("%.4f", sharpness.loss()), Markdown.number("%.4f", sharpness.worst()),
                Markdown.number("%.4f", sharpness.firstOrder()),
                Markdown.number("%.5f", sharpness.average()) + " ± " + Markdown.number("%.5f", sharpness.averageError()),
                Markdown.number("%.3g", found.curvature().value()) + (found.curvature().converged() ? ""
                        : " (not converged, residual %.2f)".formatted(found.curvature().residual())));
    }
}
