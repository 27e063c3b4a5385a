package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.geom.Line2D;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScalesTest {
    @Test
    void ticksAreRoundNumbersInsideTheRange() {
        assertArrayEquals(new double[] {0.2, 0.4, 0.6, 0.8}, new Range(0.11, 0.93).ticks(5), 1e-12);
        assertArrayEquals(new double[] {-50, 0, 50, 100}, new Range(-60, 100).ticks(4), 1e-12);
    }

    @Test
    void aRangeHasAnExtentEvenAroundOneValueOrNone() {
        assertTrue(Range.around(DoubleStream.of(70), 0.1).extent() > 1);
        assertTrue(Range.around(DoubleStream.of(0, 0), 0.1).extent() > 0);
        assertTrue(Range.around(DoubleStream.empty(), 0.1).extent() > 0);
        assertEquals(new Range(0, 10), Range.around(DoubleStream.of(0, Double.NaN, 10, Double.POSITIVE_INFINITY), 0));
    }

    @Test
    void numbersAreWrittenShort() {
        assertEquals("0.3", PlotCharts.number(0.1 + 0.2));
        assertEquals("−0.5", PlotCharts.number(-0.5));
        assertEquals("12000", PlotCharts.number(12000));
        assertEquals("0", PlotCharts.number(0));
    }

    @Test
    void viridisGrowsBrighterAllTheWay() {
        double before = -1;
        for (int i = 0; i <= 100; i++) {
            Color colour = new Color(ColourScale.VIRIDIS.rgb(i / 100.0));
            double luminance = 0.2126 * colour.getRed() + 0.7152 * colour.getGreen() + 0.0722 * colour.getBlue();
            assertTrue(luminance > before, "at " + i);
            before = luminance;
        }
        assertEquals(0xFDE725, ColourScale.VIRIDIS.rgb(2));
        assertEquals(0x440154, ColourScale.VIRIDIS.rgb(-1));
    }

    @Test
    void fourteenMethodsLookDifferent() {
        Palette palette = new Palette(Examples.FOURTEEN);
        Set<List<Object>> looks = new HashSet<>();
        Examples.FOURTEEN.forEach(method -> looks.add(List.of(palette.colour(method), palette.marker(method), palette.stroke(method, 2))));
        assertEquals(14, looks.size());
        assertNotEquals(palette.colour(Examples.FOURTEEN.get(0)), palette.colour(Examples.FOURTEEN.get(1)));
        assertNotEquals(palette.stroke(Examples.FOURTEEN.get(0), 2), palette.stroke(Examples.FOURTEEN.get(7), 2),
                "equal colours are told apart by dashes");
    }

    @Test
    void theContourOfABowlIsACircle() {
        double[] axis = IntStream.rangeClosed(-20, 20).mapToDouble(i -> i / 20.0).toArray();
        double[][] bowl = DoubleStream.of(axis).mapToObj(y -> DoubleStream.of(axis).map(x -> x * x + y * y).toArray())
                .toArray(double[][]::new);
        List<Line2D> circle = Contours.of(axis, bowl, 0.49);
        double length = circle.stream().mapToDouble(piece -> piece.getP1().distance(piece.getP2())).sum();
        assertEquals(2 * Math.PI * 0.7, length, 0.02);
        circle.forEach(piece -> assertEquals(0.7, piece.getP1().distance(0, 0), 2e-3));
    }

    @Test
    void contoursLeaveOutCellsThatAreNotFinite() {
        double[] axis = {0, 1, 2};
        double[][] slope = {{0, 1, Double.NaN}, {0, 1, 2}, {0, 1, 2}};
        assertEquals(1, Contours.of(axis, slope, 1.5).size());
        assertEquals(2, Contours.of(axis, slope, 0.5).size());
    }
}
