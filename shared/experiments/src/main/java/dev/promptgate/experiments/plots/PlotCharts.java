package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.statistics.Estimate;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.math.BigDecimal;
import java.math.MathContext;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** XChart's charts in the look of the reports. */
final class PlotCharts {
    private PlotCharts() {}

    /** Numbers against numbers; its legend stands outside, where it covers nothing. */
    static XYChart xy(String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder().width(Canvas.WIDTH).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        style(chart.getStyler());
        chart.getStyler().setxAxisTickLabelsFormattingFunction(PlotCharts::number);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(PlotCharts::number);
        return chart;
    }

    static void style(AxesChartStyler styler) {
        styler.setPlotGridLinesColor(Palette.GRID).setPlotGridLinesStroke(Palette.stroke(1))
                .setAxisTickLabelsFont(Canvas.font(Font.PLAIN, 16)).setAxisTitleFont(Canvas.font(Font.BOLD, 17)).setAxisTitlePadding(14)
                .setAxisTickPadding(8)
                .setAxisTickLabelsColor(Palette.INK).setAxisTickMarksColor(Palette.FAINT_INK).setPlotMargin(0)
                .setXAxisTickMarkSpacingHint(110).setYAxisTickMarkSpacingHint(64);
        styler.setChartBackgroundColor(Palette.PAPER).setPlotBackgroundColor(Palette.PAPER).setPlotBorderColor(Palette.FAINT_INK)
                .setChartFontColor(Palette.INK).setPlotContentSize(1).setChartTitleVisible(false).setChartPadding(22)
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendFont(Canvas.font(Font.PLAIN, 16)).setLegendBorderColor(Palette.PAPER).setLegendPadding(9)
                .setLegendSeriesLineLength(44).setMarkerSize(11).setAntiAlias(true);
    }

    /** What the axes span; to be called before series are added. */
    static void range(XYChart chart, Range x, Range y) {
        // Of evenly spaced data XChart makes ticks instead of round numbers: uneven points that are not drawn prevent it.
        double[] xs = {x.low() + x.extent() * 0.1, x.low() + x.extent() * 0.37};
        double[] ys = {y.low() + y.extent() * 0.1, y.low() + y.extent() * 0.37};
        line(chart, xs, ys, Palette.PAPER, SeriesLines.NONE);
        chart.getStyler().setXAxisMin(x.low()).setXAxisMax(x.high()).setYAxisMin(y.low()).setYAxisMax(y.high());
    }

    /** A line without markers, and without an entry in the legend. */
    static XYSeries line(XYChart chart, double[] x, double[] y, Color colour, BasicStroke stroke) {
        XYSeries series = chart.addSeries("line " + chart.getSeriesMap().size(), x, y);
        series.setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineStyle(stroke).setShowInLegend(false);
        return series;
    }

    /** A confidence interval along y; nothing if there is none. */
    static void whisker(XYChart chart, double x, Estimate y, Color colour) {
        if (y.hasInterval()) {
            line(chart, new double[] {x, x}, new double[] {y.low(), y.high()}, colour, Palette.stroke(2));
        }
    }

    /** A method's line in its own look, without markers, named in the legend. */
    static XYSeries named(Canvas canvas, XYChart chart, Palette palette, String method, double[] x, double[] y) {
        XYSeries series = line(chart, x, y, palette.colour(method), palette.stroke(method, 2.4f));
        series.setMarkerColor(palette.colour(method)).setShowInLegend(true)
                .setLabel(canvas.cut(method, chart.getStyler().getLegendFont(), 260));
        return series;
    }

    /** To six digits at most, in no locale; with a minus sign instead of a hyphen. */
    static String number(double value) {
        return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString().replace('-', '−');
    }
}
