package dev.promptgate.experiments.plots;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** The loss over a training and, below it on the same scale, the loss at the perturbed context; a line a method. */
public final class LossPlot {
    private static final int PANEL = 460;

    private LossPlot() {}

    /**
     * Writes the PNG.
     *
     * @param losses of all methods that train
     * @param perturbed of those that look at the perturbed context; if there are none, neither is the panel
     */
    public static void write(Path file, Title title, Palette palette, List<Trace> losses, List<Trace> perturbed) {
        List<Trace> below = perturbed.stream().filter(Trace::drawn).toList();
        Canvas canvas = new Canvas(title, Canvas.TOP + (below.isEmpty() ? 1 : 2) * PANEL);
        List<Trace> all = Stream.concat(losses.stream(), below.stream()).toList();
        Range x = Charts.steps(all);
        Range y = Range.around(all.stream().flatMapToDouble(trace -> DoubleStream.of(trace.values())), 0.04);
        Placed placed = panel(canvas, 0, Canvas.WIDTH, chart(canvas, "Loss (nats)", palette, losses, x, y));
        if (!below.isEmpty()) {
            XYChart chart = chart(canvas, "Perturbed loss (nats)", palette, below, x, y);
            chart.getStyler().setLegendVisible(false); // the one above tells; without it the plots would not be of one width
            panel(canvas, PANEL, (int) placed.x(x.high()) + chart.getStyler().getChartPadding(), chart);
        }
        canvas.write(file);
    }

    private static XYChart chart(Canvas canvas, String yTitle, Palette palette, List<Trace> traces, Range x, Range y) {
        XYChart chart = Charts.xy("Training step", yTitle);
        Charts.range(chart, x, y);
        traces.stream().filter(Trace::drawn)
                .forEach(trace -> Charts.named(canvas, chart, palette, trace.method(), trace.steps(), trace.values()));
        return chart;
    }

    private static Placed panel(Canvas canvas, int top, int width, XYChart chart) {
        return canvas.paint(chart, 0, Canvas.TOP + top, width, PANEL);
    }
}
