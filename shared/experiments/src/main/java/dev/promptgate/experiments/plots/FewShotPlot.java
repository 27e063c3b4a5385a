package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.statistics.Estimate;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;

/** Accuracy against the number of shots, a line a method; shots on a log2 axis. */
public final class FewShotPlot {
    /** An accuracy, %, with so many training images of each class. */
    public record Shots(int shots, Estimate accuracy) {}

    /** A method's accuracies, by ascending number of shots. */
    public record Line(String method, List<Shots> shots) {}

    private static final int HEIGHT = 860;

    private FewShotPlot() {}

    /**
     * Writes the PNG of a measure, e.g. "Accuracy on held-out images". Methods are set a little apart sideways, so that their intervals do
     * not lie on each other.
     */
    public static void write(Path file, Title title, String measure, Palette palette, List<Line> lines) {
        Canvas canvas = new Canvas(title, HEIGHT);
        XYChart chart = PlotCharts.xy("Training images per class (shots)", measure + " (%)");
        double[] shots = lines.stream().flatMap(line -> line.shots().stream()).mapToDouble(Shots::shots).distinct().sorted().toArray();
        double margin = shots.length > 1 ? 0.4 : 0.95;
        Range x = new Range(log2(DoubleStream.of(shots).min().orElse(1)) - margin, log2(DoubleStream.of(shots).max().orElse(1)) + margin);
        DoubleStream accuracies = lines.stream().flatMap(line -> line.shots().stream()).map(Shots::accuracy)
                .flatMapToDouble(Estimate::ends);
        PlotCharts.range(chart, x, Range.around(accuracies, 0.06).within(0, 100));
        // A little less than a power of two takes up: XChart then makes a tick of each, and of nothing else.
        chart.getStyler().setXAxisTickMarkSpacingHint((int) (750 / x.extent()));
        chart.getStyler().setxAxisTickLabelsFormattingFunction(power -> PlotCharts.number(Math.pow(2, power)));
        double apart = Math.min(0.03, 0.4 / Math.max(1, lines.size()));
        for (int i = 0; i < lines.size(); i++) {
            add(canvas, chart, palette, lines.get(i), apart * (i - (lines.size() - 1) / 2.0));
        }
        canvas.paint(chart, 0, Canvas.TOP, Canvas.WIDTH, HEIGHT - Canvas.TOP);
        canvas.write(file);
    }

    private static void add(Canvas canvas, XYChart chart, Palette palette, Line line, double aside) {
        if (line.shots().isEmpty()) {
            return;
        }
        for (Shots at : line.shots()) {
            PlotCharts.whisker(chart, log2(at.shots()) + aside, at.accuracy(), palette.colour(line.method()));
        }
        PlotCharts.named(canvas, chart, palette, line.method(), line.shots().stream().mapToDouble(at -> log2(at.shots()) + aside).toArray(),
                line.shots().stream().mapToDouble(at -> at.accuracy().mean()).toArray()).setMarker(palette.marker(line.method()));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
