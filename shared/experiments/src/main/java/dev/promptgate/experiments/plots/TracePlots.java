package dev.promptgate.experiments.plots;

import java.awt.Font;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** What the steps of the trainings saw, a line a method. */
public final class TracePlots {
    /**
     * A figure over the steps of one training, counted from 1; no values for a method that has no such figure: it is left out of the plot.
     */
    public record Trace(String method, double[] steps, double[] values) {
        private boolean isDrawn() {
            return steps.length > 0;
        }
    }

    /** A bound of the gradient constraint, e.g. "β1" at 0.5. */
    public record Bound(String name, double cosine) {}

    private static final int HEIGHT = 760;
    private static final int PANEL = 460;

    private TracePlots() {}

    /** cos(s, g) of the sharpness-aware and the plain gradient, with GCSCoOp's bounds. */
    public static void cosines(Path file, Title title, Palette palette, List<Trace> traces, List<Bound> bounds) {
        Canvas canvas = new Canvas(title, HEIGHT);
        List<Trace> drawn = traces.stream().filter(Trace::isDrawn).toList();
        Range x = steps(drawn);
        DoubleStream marks = DoubleStream.concat(DoubleStream.of(1), bounds.stream().mapToDouble(Bound::cosine));
        Range y = Range.around(DoubleStream.concat(values(drawn), marks), 0.06);
        XYChart chart = PlotCharts.xy("Training step", "cos(s, g)");
        PlotCharts.range(chart, x, y);
        for (Bound bound : bounds) {
            PlotCharts.line(chart, new double[] {x.low(), x.high()}, new double[] {bound.cosine(), bound.cosine()}, Palette.FAINT_INK,
                    Palette.stroke(1.5f, 7, 5));
        }
        drawn.forEach(trace -> PlotCharts.named(canvas, chart, palette, trace.method(), trace.steps(), trace.values()));
        Canvas.Placed placed = canvas.paint(chart, 0, Canvas.TOP, Canvas.WIDTH, HEIGHT - Canvas.TOP);
        bounds.forEach(bound -> canvas.text(bound.name() + " = " + PlotCharts.number(bound.cosine()),
                Canvas.font(Font.PLAIN, 15), Palette.FAINT_INK, placed.x(x.low()) + 8, placed.y(bound.cosine()) - 7));
        canvas.write(file);
    }

    /**
     * The loss of all methods that train and, below it on the same scale, the loss at the perturbed context of those that look there; if
     * there are none, neither is the panel.
     */
    public static void losses(Path file, Title title, Palette palette, List<Trace> losses, List<Trace> perturbed) {
        List<Trace> below = perturbed.stream().filter(Trace::isDrawn).toList();
        Canvas canvas = new Canvas(title, Canvas.TOP + (below.isEmpty() ? 1 : 2) * PANEL);
        List<Trace> all = Stream.concat(losses.stream(), below.stream()).toList();
        Range x = steps(all);
        Range y = Range.around(values(all), 0.04);
        Canvas.Placed placed = canvas.paint(lossChart(canvas, "Loss (nats)", palette, losses, x, y), 0, Canvas.TOP, Canvas.WIDTH, PANEL);
        if (!below.isEmpty()) {
            XYChart chart = lossChart(canvas, "Perturbed loss (nats)", palette, below, x, y);
            chart.getStyler().setLegendVisible(false); // the one above tells; without it the plots would not be of one width
            canvas.paint(chart, 0, Canvas.TOP + PANEL, (int) placed.x(x.high()) + chart.getStyler().getChartPadding(), PANEL);
        }
        canvas.write(file);
    }

    private static XYChart lossChart(Canvas canvas, String yTitle, Palette palette, List<Trace> traces, Range x, Range y) {
        XYChart chart = PlotCharts.xy("Training step", yTitle);
        PlotCharts.range(chart, x, y);
        traces.stream().filter(Trace::isDrawn)
                .forEach(trace -> PlotCharts.named(canvas, chart, palette, trace.method(), trace.steps(), trace.values()));
        return chart;
    }

    private static Range steps(List<Trace> traces) {
        return new Range(0, traces.stream().flatMapToDouble(trace -> DoubleStream.of(trace.steps())).reduce(1, Math::max));
    }

    private static DoubleStream values(List<Trace> traces) {
        return traces.stream().flatMapToDouble(trace -> DoubleStream.of(trace.values()));
    }
}
