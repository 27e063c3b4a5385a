package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
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
            Color colour = new Color(LandscapePlot.viridis(i / 100.0));
            double luminance = 0.2126 * colour.getRed() + 0.7152 * colour.getGreen() + 0.0722 * colour.getBlue();
            assertTrue(luminance > before, "at " + i);
            before = luminance;
        }
        assertEquals(0xFDE725, LandscapePlot.viridis(2));
        assertEquals(0x440154, LandscapePlot.viridis(-1));
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
}
