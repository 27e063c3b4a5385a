package dev.promptgate.experiments.report;

import dev.promptgate.experiments.landscape.TrainingTrace;
import dev.promptgate.experiments.plots.BarPlot;
import dev.promptgate.experiments.plots.FewShotPlot;
import dev.promptgate.experiments.plots.ForgettingPlot;
import dev.promptgate.experiments.plots.LandscapePlot;
import dev.promptgate.experiments.plots.Palette;
import dev.promptgate.experiments.plots.Title;
import dev.promptgate.experiments.plots.TracePlots;
import dev.promptgate.experiments.plots.TradeOffPlot;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Survey;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.step.StepReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws a comparison's plots into a folder. */
final class Plots {
    private static final int POINTS = 200;
    /** Of a trace, in multiples of the shortest. */
    private static final int MOST_STEPS = 8;

    private final Path folder;
    private final Summary summary;
    private final Plan plan;
    private final Palette palette;
    private final int shots;

    Plots(Path folder, Summary summary) {
        this.folder = folder;
        this.summary = summary;
        plan = summary.plan();
        palette = new Palette(plan.methods().stream().map(ComparedMethod::title).toList());
        shots = plan.shots().get(plan.shots().size() - 1);
    }

    private Title title(String headline) {
        return title(headline, ", %d shots a class%s".formatted(shots, seeds()));
    }

    private Title titleOfFirstSeed(String headline) {
        return title(headline, ", %d shots a class, seed %d".formatted(shots, plan.seeds().get(0)));
    }

    private Title title(String headline, String runs) {
        return new Title(headline, "%s on %s%s".formatted(plan.protocol().name(), plan.setting().data().name(), runs));
    }

    private String seeds() {
        return ", seeds " + plan.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private List<ComparedMethod> finished() {
        return plan.methods().stream().filter(method -> !summary.cells(method, shots).isEmpty()).toList();
    }

    String tradeOff() {
        TradeOffPlot.write(folder.resolve("trade-off.png"), title("Base against new classes"), palette,
                finished().stream().map(method -> new TradeOffPlot.Point(method.title(),
                        summary.figure(method, shots, "base").percent(), summary.figure(method, shots, "new").percent())).toList());
        return "trade-off.png";
    }

    String fewShot() {
        FewShotPlot.write(folder.resolve("few-shot.png"), title("Accuracy by shots", seeds()), "Accuracy on test images", palette,
                finished().stream().map(method -> new FewShotPlot.Line(method.title(),
                        plan.shots().stream().filter(k -> !summary.cells(method, k).isEmpty())
                                .map(k -> new FewShotPlot.Shots(k, summary.figure(method, k, "accuracy").percent())).toList()))
                        .toList());
        return "few-shot.png";
    }

    String differences(String figure, ComparedMethod reference) {
        String file = "differences-" + figure + ".png";
        List<BarPlot.Difference> bars = finished().stream().filter(method -> !method.equals(reference))
                .flatMap(method -> summary.difference(method, reference, shots, figure).stream()
                        .map(d -> new BarPlot.Difference(method.title(), d.overSeeds().percent())))
                .toList();
        BarPlot.write(folder.resolve(file), title("Difference from " + reference.title() + ": " + figure), figure, reference.title(),
                palette, bars);
        return file;
    }

    String landscapes(Map<ComparedMethod, Survey.Surroundings> surroundings) {
        LandscapePlot.write(folder.resolve("landscapes.png"), titleOfFirstSeed("How the loss rises around the solutions"),
                "Rise of the loss (nats)", surroundings.entrySet().stream()
                        .map(e -> new LandscapePlot.Panel(e.getKey().title(), e.getValue().grid().above(e.getValue().sharpness().loss())))
                        .toList());
        return "landscapes.png";
    }

    String cosines() {
        TracePlots.cosines(folder.resolve("cosine.png"), titleOfFirstSeed("Cosine of the sharpness-aware and the plain gradient"), palette,
                traces(StepReport::cosine), List.of(new TracePlots.Bound("β1", Hyperparameter.LOWER_BOUND.defaultValue()),
                        new TracePlots.Bound("β2", Hyperparameter.UPPER_BOUND.defaultValue())));
        return "cosine.png";
    }

    String losses() {
        TracePlots.losses(folder.resolve("loss.png"), titleOfFirstSeed("Loss and perturbed loss over training"), palette,
                traces(StepReport::loss), traces(StepReport::perturbedLoss));
        return "loss.png";
    }

    /** Without those of far more steps than the shortest, beside which nothing else could be seen: CoCoOp's, of one image each. */
    private List<TracePlots.Trace> traces(ToDoubleFunction<StepReport> figure) {
        int fewest = finished().stream().flatMap(method -> first(method).stream()).mapToInt(cell -> cell.reports().size())
                .filter(steps -> steps > 0).min().orElse(0);
        return finished().stream().flatMap(method -> first(method).stream()
                .filter(cell -> !cell.reports().isEmpty() && cell.reports().size() <= MOST_STEPS * fewest).map(cell -> {
                    int window = Math.max(1, cell.reports().size() / 50);
                    TrainingTrace.Curve curve = new TrainingTrace(cell.reports()).curve(figure, window, POINTS);
                    return new TracePlots.Trace(method.title(), curve.step(), curve.value());
                })).toList();
    }

    private Optional<CellResult> first(ComparedMethod method) {
        return summary.cells(method, shots).stream().filter(cell -> cell.cell().seed() == plan.seeds().get(0)).findFirst();
    }

    /** A heat map of each method's accuracies by wave, mean over the seeds. */
    List<String> forgetting() {
        return finished().stream().map(method -> {
            String file = "forgetting-" + method.name() + ".png";
            int waves = plan.setting().waves();
            double[][] mean = IntStream.range(0, waves)
                    .mapToObj(row -> IntStream.range(0, waves)
                            .mapToDouble(column -> 100 * summary.over(method, shots, cell -> cell.outcome().matrix()[row][column]).mean())
                            .toArray())
                    .toArray(double[][]::new);
            ForgettingPlot.write(folder.resolve(file), title(method.title() + ": accuracy (%) on the classes of each wave"), mean);
            return file;
        }).toList();
    }
}
