package dev.promptgate.experiments.plots;

import java.awt.geom.Rectangle2D;
import org.knowm.xchart.XYChart;

/**
 * A chart that has been painted, for what is to be drawn on it.
 *
 * @param left of the chart on its canvas, pixels
 * @param top likewise
 */
record Placed(XYChart chart, int left, int top) {
    /** Where a value of the x axis lies on the canvas. */
    double x(double value) {
        return left + chart.getScreenXFromChart(value);
    }

    double y(double value) {
        return top + chart.getScreenYFromChart(value);
    }

    /** What lies between the axes' ends. */
    Rectangle2D area(Range x, Range y) {
        return new Rectangle2D.Double(x(x.low()), y(y.high()), x(x.high()) - x(x.low()), y(y.low()) - y(y.high()));
    }
}
