package dev.promptgate.experiments.plots;

import java.awt.Font;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;

/** cos(s, g) of the sharpness-aware and the plain gradient over a training, a line a method, with GCSCoOp's bounds. */
public final class CosinePlot {
    /** A bound of the gradient constraint, e.g. "β1" at 0.5. */
    public record Bound(String name, double cosine) {}

    private static final int HEIGHT = 760;

    private CosinePlot() {}

    public static void write(Path file, Title title, Palette palette, List<Trace> traces, List<Bound> bounds) {
        Canvas canvas = new Canvas(title, HEIGHT);
        XYChart chart = Charts.xy("Training step", "cos(s, g)");
        List<Trace> drawn = traces.stream().filter(Trace::drawn).toList();
        Range x = Charts.steps(drawn);
        DoubleStream cosines = drawn.stream().flatMapToDouble(trace -> DoubleStream.of(trace.values()));
        Range y = Range.around(
                DoubleStream.concat(DoubleStream.concat(cosines, DoubleStream.of(1)), bounds.stream().mapToDouble(Bound::cosine)), 0.06);
        Charts.range(chart, x, y);
        for (Bound bound : bounds) {
            Charts.line(chart, new double[] {x.low(), x.high()}, new double[] {bound.cosine(), bound.cosine()}, Palette.FAINT_INK,
                    Palette.stroke(1.5f, 7, 5));
        }
        drawn.forEach(trace -> Charts.named(canvas, chart, palette, trace.method(), trace.steps(), trace.values()));
        Placed placed = canvas.paint(chart, 0, Canvas.TOP, Canvas.WIDTH, HEIGHT - Canvas.TOP);
        bounds.forEach(bound -> canvas.text(bound.name() + " = " + Charts.number(bound.cosine()),
                Canvas.font(Font.PLAIN, 15), Palette.FAINT_INK, placed.x(x.low()) + 8, placed.y(bound.cosine()) - 7));
        canvas.write(file);
    }
}
