package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.statistics.Estimate;
import dev.promptgate.learning.accuracy.Accuracies;
import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/** Accuracy on base classes against that on new ones, a point a method, with curves of equal harmonic mean (HM) behind. */
public final class TradeOffPlot {
    /** A method's accuracies, %: of the classes that were trained on, and of the new ones. */
    public record Point(String method, Estimate base, Estimate unseen) {}

    private static final int HEIGHT = 960;
    private static final int CURVE_POINTS = 60;
    static final Color CURVE = new Color(0xBDBDBD);

    private TradeOffPlot() {}

    public static void write(Path file, Title title, Palette palette, List<Point> points) {
        Canvas canvas = new Canvas(title, HEIGHT);
        XYChart chart = PlotCharts.xy("Accuracy on base classes (%)", "Accuracy on new classes (%)");
        Range x = Range.around(points.stream().map(Point::base).flatMapToDouble(Estimate::ends), 0.15).within(0, 100);
        Range y = Range.around(points.stream().map(Point::unseen).flatMapToDouble(Estimate::ends), 0.15).within(0, 100);
        PlotCharts.range(chart, x, y);
        double[] means = new Range(Accuracies.harmonicMean(x.low(), y.low()), Accuracies.harmonicMean(x.high(), y.high())).ticks(7);
        for (double mean : means) {
            curve(chart, mean, x, y);
        }
        points.forEach(point -> addIntervals(chart, palette, point));
        points.forEach(point -> addMarker(canvas, chart, palette, point)); // over the intervals of all
        Canvas.Placed placed = canvas.paint(chart, 0, Canvas.TOP, Canvas.WIDTH, HEIGHT - Canvas.TOP);
        for (double mean : means) {
            writeMean(canvas, placed, mean, x, y);
        }
        canvas.write(file);
    }

    /** The accuracy that, with another, has a harmonic mean; not positive where there is none. */
    private static double partner(double mean, double accuracy) {
        return mean * accuracy / (2 * accuracy - mean);
    }

    private static void curve(XYChart chart, double mean, Range x, Range y) {
        double from = Math.max(x.low(), partner(mean, y.high()));
        double to = y.low() > mean / 2 ? Math.min(x.high(), partner(mean, y.low())) : x.high();
        if (to > from && from > mean / 2) {
            double[] along = IntStream.rangeClosed(0, CURVE_POINTS).mapToDouble(i -> from + (to - from) * i / CURVE_POINTS).toArray();
            PlotCharts.line(chart, along, IntStream.range(0, along.length).mapToDouble(i -> partner(mean, along[i])).toArray(), CURVE,
                    Palette.stroke(1));
        }
    }

    /** At the curve's upper end, inside the plot. */
    private static void writeMean(Canvas canvas, Canvas.Placed placed, double mean, Range x, Range y) {
        double left = Math.max(x.low() + x.extent() * 0.004, partner(mean, y.high() - y.extent() * 0.03));
        double height = partner(mean, left);
        if (left > mean / 2 && left < x.high() - x.extent() * 0.08 && height > y.low() + y.extent() * 0.02 && height < y.high()) {
            canvas.text("HM " + PlotCharts.number(mean), Canvas.font(Font.PLAIN, 13), Palette.FAINT_INK, placed.x(left) + 4,
                    placed.y(height) + 5);
        }
    }

    private static void addIntervals(XYChart chart, Palette palette, Point point) {
        Color colour = palette.colour(point.method());
        PlotCharts.whisker(chart, point.base().mean(), point.unseen(), colour);
        if (point.base().hasInterval()) {
            double y = point.unseen().mean();
            PlotCharts.line(chart, new double[] {point.base().low(), point.base().high()}, new double[] {y, y}, colour, Palette.stroke(2));
        }
    }

    private static void addMarker(Canvas canvas, XYChart chart, Palette palette, Point point) {
        PlotCharts.named(canvas, chart, palette, point.method(), new double[] {point.base().mean()}, new double[] {point.unseen().mean()})
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(palette.marker(point.method()));
    }
}
