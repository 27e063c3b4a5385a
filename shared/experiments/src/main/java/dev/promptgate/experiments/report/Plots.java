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
import dev.promptgate.experiments.run.Survey;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.step.StepReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws a comparison's plots into a folder. */
final class Plots {
    private static final int POINTS = 200;
    /** Of a trace, in multiples of the shortest. */
    private static final int MOST_STEPS = 8;

    private final Path folder;
    private final Summary summary;
    private final Palette palette;
    private final int shots;

    Plots(Path folder, Summary summary) {
        this.folder = folder;
        this.summary = summary;
        palette = new Palette(summary.plan().methods().stream().map(ComparedMethod::title).toList());
        shots = summary.plan().shots().get(summary.plan().shots().size() - 1);
    }

    private Title title(String headline) {
        String seeds = summary.plan().seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new Title(headline, "%s on %s, %d shots a class, seeds %s".formatted(summary.plan().protocol().name(),
                summary.plan().setting().data().name(), shots, seeds));
    }

    private Title titleOfFirstSeed(String headline) {
        return new Title(headline, "%s on %s, %d shots a class, seed %d".formatted(summary.plan().protocol().name(),
                summary.plan().setting().data().name(), shots, summary.plan().seeds().get(0)));
    }

    private List<ComparedMethod> finished() {
        return summary.plan().methods().stream().filter(method -> !summary.cells(method, shots).isEmpty()).toList();
    }

    String tradeOff() {
        TradeOffPlot.write(folder.resolve("trade-off.png"), title("Base against new classes"), palette,
                finished().stream().map(method -> new TradeOffPlot.Point(method.title(),
                        summary.figure(method, shots, "base").percent(), summary.figure(method, shots, "new").percent())).toList());
        return "trade-off.png";
    }

    String fewShot() {
        FewShotPlot.write(folder.resolve("few-shot.png"),
                new Title("Accuracy by shots", title("").subtitle().replace(", %d shots a class".formatted(shots), "")),
                "Accuracy on test images", palette,
                finished().stream()
                        .map(method -> new FewShotPlot.Line(method.title(),
                                summary.plan().shots().stream().filter(k -> !summary.cells(method, k).isEmpty())
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
                "Rise of the loss (nats)",
                surroundings.entrySet().stream()
                        .map(e -> new LandscapePlot.Panel(e.getKey().title(), e.getValue().grid().above(e.getValue().sharpness().loss())))
                        .toList());
        return "landscapes.png";
    }

    String cosines() {
        TracePlots.cosines(folder.resolve("cosine.png"), titleOfFirstSeed("Cosine of the sharpness-aware and the plain gradient"), palette,
                traces(StepReport::cosine),
                List.of(new TracePlots.Bound("β1", Hyperparameter.LOWER_BOUND.defaultValue()),
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
                    TrainingTrace.Curve curve = new TrainingTrace(cell.reports()).curve(figure, Math.max(1, cell.reports().size() / 50),
                            POINTS);
                    return new TracePlots.Trace(method.title(), curve.step(), curve.value());
                })).toList();
    }

    private Optional<CellResult> first(ComparedMethod method) {
        return summary.cells(method, shots).stream().filter(cell -> cell.cell().seed() == summary.plan().seeds().get(0)).findFirst();
    }

    /** A heat map of each method's accuracies by wave, mean over the seeds. */
    List<String> forgetting() {
        return finished().stream().map(method -> {
            String file = "forgetting-" + method.name() + ".png";
            int waves = summary.plan().setting().waves();
            double[][] mean = new double[waves][waves];
            for (int i = 0; i < waves; i++) {
                for (int j = 0; j < waves; j++) {
                    int row = i;
                    int column = j;
                    mean[i][j] = 100 * summary.over(method, shots, cell -> cell.outcome().matrix()[row][column]).mean();
                }
            }
            ForgettingPlot.write(folder.resolve(file), title(method.title() + ": accuracy (%) on the classes of each wave"), mean);
            return file;
        }).toList();
    }
}
