package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.statistics.Estimate;
import dev.promptgate.learning.accuracy.Accuracies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TradeOffPlotTest {
    private static final int LEGEND = 960;

    @TempDir
    private Path directory;

    @Test
    void everyMethodIsDrawnInItsColourAtItsPlace() throws IOException {
        Png png = plot(Examples.FOUR, true);
        assertEquals(1200, png.width());
        assertEquals(960, png.height());
        Palette palette = new Palette(Examples.FOUR);
        for (int i = 0; i + 1 < 4; i++) { // base accuracies rise from method to method, new ones fall
            assertTrue(
                    png.meanX(palette.colour(Examples.FOUR.get(i)), LEGEND) < png.meanX(palette.colour(Examples.FOUR.get(i + 1)), LEGEND));
            assertTrue(
                    png.meanY(palette.colour(Examples.FOUR.get(i)), LEGEND) < png.meanY(palette.colour(Examples.FOUR.get(i + 1)), LEGEND));
        }
    }

    @Test
    void intervalsAreDrawnWhereThereAreAny() throws IOException {
        Palette palette = new Palette(Examples.FOUR);
        Png with = plot(Examples.FOUR, true);
        Png without = plot(Examples.FOUR, false);
        for (String method : Examples.FOUR) {
            long marker = without.count(palette.colour(method), 0.1, 0.8);
            assertTrue(marker > 20 && with.count(palette.colour(method), 0.1, 0.8) > marker + 50, method);
        }
    }

    @Test
    void aSingleMethodWithoutIntervalsIsAPointAmongCurvesOfEqualMean() throws IOException {
        Png png = plot(List.of("CoOp"), false);
        assertTrue(png.count(new Palette(List.of("CoOp")).colour("CoOp"), 0.1, 0.8) > 20);
        assertTrue(png.countNear(TradeOffPlot.CURVE) > 1000);
    }

    @Test
    void fourteenMethodsWithLongNamesFit() throws IOException {
        Png png = plot(Examples.FOURTEEN, true);
        Palette palette = new Palette(Examples.FOURTEEN);
        Examples.FOURTEEN.forEach(method -> assertTrue(png.count(palette.colour(method), 0.1, 0.66) > 100, method));
        for (int y = 90; y < png.height(); y++) {
            assertEquals(Palette.PAPER, png.at(0.995, y / (double) png.height()), "nothing runs off the plot");
        }
    }

    @Test
    void theSameInputGivesTheSameFileInEveryLocale() throws IOException {
        plot(Examples.FOUR, true);
        byte[] once = Files.readAllBytes(directory.resolve("plot.png"));
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            plot(Examples.FOUR, true);
        } finally {
            Locale.setDefault(locale);
        }
        assertArrayEquals(once, Files.readAllBytes(directory.resolve("plot.png")));
    }

    @Test
    void aMethodThatThePaletteLacksIsNamed() {
        TradeOffPlot.Point stranger = new TradeOffPlot.Point("MaPLe", Examples.around(80), Examples.around(70));
        String message = assertThrows(IllegalArgumentException.class,
                () -> TradeOffPlot.write(directory.resolve("plot.png"), Examples.TITLE, new Palette(Examples.FOUR), List.of(stranger)))
                .getMessage();
        assertTrue(message.contains("MaPLe"), message);
    }

    @Test
    void harmonicMeansAreThoseOfTheField() {
        assertEquals(71.70, Accuracies.harmonicMean(69.34, 74.22), 0.005);
        assertEquals(0, Accuracies.harmonicMean(0, 0));
    }

    private Png plot(List<String> methods, boolean intervals) throws IOException {
        Path file = directory.resolve("plot.png");
        TradeOffPlot.write(file, Examples.TITLE, new Palette(methods),
                methods.stream().map(method -> point(method, methods.indexOf(method), intervals)).toList());
        return Png.read(file);
    }

    private static TradeOffPlot.Point point(String method, int index, boolean interval) {
        double base = 70 + 2.3 * index;
        double unseen = 72 - 1.7 * index;
        return interval ? new TradeOffPlot.Point(method, Examples.around(base), Examples.around(unseen))
                : new TradeOffPlot.Point(method, Estimate.of(base), Estimate.of(unseen));
    }
}
