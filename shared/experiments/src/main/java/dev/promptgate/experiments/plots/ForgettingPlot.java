package dev.promptgate.experiments.plots;

import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** How accuracy on the classes of each wave holds over the waves that follow. */
public final class ForgettingPlot {
    private static final int BAR = 130;
    private static final int CELL = 76;

    private ForgettingPlot() {}

    /**
     * Writes the PNG.
     *
     * @param accuracies [wave in which classes were learned][wave after which they were measured], %; NaN where they were not
     */
    public static void write(Path file, Title title, double[][] accuracies) {
        int waves = accuracies.length;
        Canvas canvas = new Canvas(title, Canvas.TOP + 110 + CELL * Math.min(10, Math.max(4, waves)));
        HeatMapChart chart = new HeatMapChartBuilder().xAxisTitle("Measured after wave").yAxisTitle("Classes learned in wave").build();
        PlotCharts.style(chart.getStyler());
        List<Number[]> cells = cells(accuracies);
        Range range = Range.around(cells.stream().mapToDouble(cell -> cell[2].doubleValue()), 0.02).within(0, 100);
        chart.getStyler().setLegendVisible(false).setPlotBorderVisible(false);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setRangeColors(ColourScale.LIGHT_BLUES.colours()).setMin(range.low()).setMax(range.high());
        chart.getStyler().setXAxisMin(0.5).setXAxisMax(waves + 0.5).setYAxisMin(0.5).setYAxisMax(waves + 0.5); // where cells end
        List<Integer> names = IntStream.rangeClosed(1, waves).boxed().toList();
        List<Integer> upwards = new ArrayList<>(names);
        Collections.reverse(upwards); // the first wave at the top
        chart.addSeries("accuracy", names, upwards, cells);
        canvas.paint(chart::paint, 0, Canvas.TOP, Canvas.WIDTH - BAR, canvas.height() - Canvas.TOP);
        Font font = Canvas.font(Font.PLAIN, waves <= 10 ? 18 : waves <= 20 ? 13 : 9);
        for (Number[] cell : cells) {
            String text = String.format(Locale.ROOT, "%.1f", cell[2].doubleValue());
            double x = chart.getScreenXFromChart(cell[0].intValue() + 1);
            double y = Canvas.TOP + chart.getScreenYFromChart(cell[1].intValue() + 1);
            canvas.bareText(text, font, Palette.INK, x - canvas.width(text, font) / 2, y + font.getSize() * 0.36);
        }
        ColourScale.LIGHT_BLUES.drawBar(canvas, range, "Accuracy (%)", Canvas.WIDTH - BAR, Canvas.TOP + 22,
                canvas.height() - Canvas.TOP - 110);
        canvas.write(file);
    }

    /** Column, row from the bottom up, accuracy. */
    private static List<Number[]> cells(double[][] accuracies) {
        List<Number[]> cells = new ArrayList<>();
        for (int learned = 0; learned < accuracies.length; learned++) {
            for (int after = 0; after < accuracies[learned].length; after++) {
                if (Double.isFinite(accuracies[learned][after])) {
                    cells.add(new Number[] {after, accuracies.length - 1 - learned, accuracies[learned][after]});
                }
            }
        }
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("A plot of forgetting needs a wave whose classes were measured");
        }
        return cells;
    }
}
