package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** How accuracy on the classes of each wave holds over the waves that follow. */
public final class ForgettingPlot {
    private static final int CELL = 76;

    private ForgettingPlot() {}

    /**
     * Writes the PNG of accuracies [wave in which classes were learned][wave after which they were measured], %; NaN where they were not.
     */
    public static void write(Path file, Title title, double[][] accuracies) {
        int waves = accuracies.length;
        Canvas canvas = new Canvas(title, Canvas.TOP + 110 + CELL * Math.min(10, Math.max(4, waves)));
        HeatMapChart chart = new HeatMapChartBuilder().xAxisTitle("Measured after wave").yAxisTitle("Classes learned in wave").build();
        PlotCharts.style(chart.getStyler());
        List<Number[]> cells = cells(accuracies);
        Range range = Range.around(cells.stream().mapToDouble(cell -> cell[2].doubleValue()), 0.02).within(0, 100);
        chart.getStyler().setPlotBorderVisible(false).setAnnotationTextFontColor(Palette.INK)
                .setAnnotationTextFont(Canvas.font(Font.PLAIN, waves <= 10 ? 18 : waves <= 20 ? 13 : 9));
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setMin(Math.floor(range.low() * 10) / 10).setMax(Math.ceil(range.high() * 10) / 10)
                .setGradientColorColumnHeight(canvas.height() - Canvas.TOP - 160)
                // white to a blue that black text can be read on, evenly to the eye and to colour-blind ones
                .setRangeColors(IntStream.of(0xF7FBFF, 0xE3EEF9, 0xCFE1F2, 0xB5D4E9, 0x93C3DF, 0x6DAED5, 0x5BA3CF).mapToObj(Color::new)
                        .toArray(Color[]::new));
        chart.getStyler().setXAxisMin(0.5).setXAxisMax(waves + 0.5).setYAxisMin(0.5).setYAxisMax(waves + 0.5); // where cells end
        List<Integer> names = IntStream.rangeClosed(1, waves).boxed().toList();
        List<Integer> upwards = new ArrayList<>(names);
        Collections.reverse(upwards); // the first wave at the top
        chart.addSeries("accuracy", names, upwards, cells);
        // XChart's own figures would be in the reader's locale
        cells.forEach(cell -> chart.addAnnotation(new AnnotationText(String.format(Locale.ROOT, "%.1f", cell[2].doubleValue()),
                cell[0].intValue() + 1, cell[1].intValue() + 1, false)));
        canvas.paint(chart, 0, Canvas.TOP, Canvas.WIDTH, canvas.height() - Canvas.TOP);
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
        Validate.isTrue(!cells.isEmpty(), "A plot of forgetting needs a wave whose classes were measured");
        return cells;
    }
}
