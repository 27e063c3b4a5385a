package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.statistics.Estimate;
import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;

/** Paired differences of methods against a reference, a bar a method, from the first at the top down. */
public final class BarPlot {
    /** How much better a method is than the reference, percentage points. */
    public record Difference(String method, Estimate points) {}

    private static final Font FONT = Canvas.font(Font.PLAIN, 17);
    private static final int ROW = 52;
    private static final int FRAME = 110;
    private static final int NAMES = 330;
    private static final int FIGURES = 250;

    private BarPlot() {}

    /** @param measure what differs, e.g. "Harmonic mean" */
    public static void write(Path file, Title title, String measure, String reference, Palette palette, List<Difference> differences) {
        int rows = Math.max(3, differences.size()); // fewer would make bars of boards
        Canvas canvas = new Canvas(title, Canvas.TOP + FRAME + ROW * rows);
        XYChart chart = PlotCharts.xy("%s minus that of %s (percentage points)".formatted(measure, canvas.cut(reference, FONT, NAMES)), "");
        chart.getStyler().setLegendVisible(false).setPlotBorderVisible(false);
        chart.getStyler().setYAxisTicksVisible(false).setPlotGridHorizontalLinesVisible(false).setAxisTicksLineVisible(false);
        Range x = Range.around(
                DoubleStream.concat(DoubleStream.of(0), differences.stream().map(Difference::points).flatMapToDouble(Estimate::ends)),
                0.06);
        Range y = new Range(differences.size() - rows - 0.5, differences.size() - 0.5);
        PlotCharts.range(chart, x, y);
        for (int i = 0; i < differences.size(); i++) {
            add(chart, palette, differences.get(i), differences.size() - 1 - i);
        }
        PlotCharts.line(chart, new double[] {0, 0}, new double[] {y.low(), y.high()}, Palette.INK, Palette.stroke(1.5f));
        double names = differences.stream().mapToDouble(difference -> canvas.width(difference.method(), FONT)).max().orElse(0);
        int left = (int) Math.min(NAMES, names) + 24;
        Canvas.Placed placed = canvas.paint(chart, left, Canvas.TOP, Canvas.WIDTH - left - FIGURES, canvas.height() - Canvas.TOP);
        double edge = placed.x(x.low()) - 12;
        for (int i = 0; i < differences.size(); i++) {
            double baseline = placed.y(differences.size() - 1 - i) + 6;
            String name = canvas.cut(differences.get(i).method(), FONT, NAMES);
            canvas.text(name, FONT, Palette.INK, edge - canvas.width(name, FONT), baseline);
            write(canvas, differences.get(i).points(), baseline);
        }
        canvas.write(file);
    }

    private static void add(XYChart chart, Palette palette, Difference difference, int row) {
        Estimate points = difference.points();
        Color colour = Palette.pale(palette.colour(difference.method()));
        PlotCharts.line(chart, new double[] {0, points.mean()}, new double[] {row, row}, colour, Palette.stroke(ROW * 0.5f));
        if (points.hasInterval()) {
            PlotCharts.line(chart, new double[] {points.low(), points.high()}, new double[] {row, row}, Palette.INK, Palette.stroke(2));
            for (double end : new double[] {points.low(), points.high()}) {
                PlotCharts.line(chart, new double[] {end, end}, new double[] {row - 0.12, row + 0.12}, Palette.INK, Palette.stroke(2));
            }
        }
    }

    private static void write(Canvas canvas, Estimate points, double baseline) {
        String value = signed("%+.2f", Math.round(points.mean() * 100) / 100.0 + 0.0); // no minus before a zero
        canvas.text(value, FONT, Palette.INK, Canvas.WIDTH - FIGURES + 70 - canvas.width(value, FONT), baseline);
        if (points.hasInterval()) {
            canvas.text(signed("[%+.2f, %+.2f]", points.low(), points.high()), FONT, Palette.INK, Canvas.WIDTH - FIGURES + 82, baseline);
        }
    }

    /** With minus signs instead of hyphens. */
    private static String signed(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures).replace('-', '−');
    }
}
