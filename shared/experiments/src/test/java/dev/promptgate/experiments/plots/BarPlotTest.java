package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.statistics.Estimate;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarPlotTest {
    @TempDir
    private Path directory;

    @Test
    void barsRunFromZeroTheirWay() throws IOException {
        Png png = plot(List.of(bar("CoOp", -2), bar("SCoOp", 2), bar("GCSCoOp", 4)), Examples.FOUR);
        assertEquals(1200, png.width());
        Palette palette = new Palette(Examples.FOUR);
        Color worse = Palette.pale(palette.colour("CoOp"));
        Color better = Palette.pale(palette.colour("SCoOp"));
        Color best = Palette.pale(palette.colour("GCSCoOp"));
        assertTrue(png.meanX(worse, 1200) < png.meanX(better, 1200) && png.meanX(better, 1200) < png.meanX(best, 1200));
        assertTrue(png.meanY(worse, 1200) < png.meanY(better, 1200) && png.meanY(better, 1200) < png.meanY(best, 1200),
                "from the top down");
        assertEquals(2, png.count(best) / (double) png.count(better), 0.3, "twice as long");
    }

    @Test
    void intervalsAreDrawnWhereThereAreAny() throws IOException {
        Png with = plot(List.of(bar("SCoOp", 2)), Examples.FOUR);
        Png without = plot(List.of(new BarPlot.Difference("SCoOp", Estimate.of(2))), Examples.FOUR);
        assertTrue(with.count(Palette.INK, 0.2, 0.78) > without.count(Palette.INK, 0.2, 0.78) + 100);
    }

    @Test
    void noDifferenceAtAllAndFourteenLongNamesBreakNothing() throws IOException {
        Png none = plot(List.of(new BarPlot.Difference("CoOp", Estimate.of(0))), Examples.FOUR);
        assertTrue(none.count(Palette.INK) > 500, "name, figure and zero line");
        Png many = plot(Examples.FOURTEEN.stream().map(method -> bar(method, 1 + Examples.FOURTEEN.indexOf(method))).toList(),
                Examples.FOURTEEN);
        Palette palette = new Palette(Examples.FOURTEEN);
        Examples.FOURTEEN.forEach(method -> assertTrue(many.count(Palette.pale(palette.colour(method))) > 300, method));
        assertTrue(many.height() > 14 * 50);
    }

    @Test
    void theSameInputGivesTheSameFile() throws IOException {
        plot(List.of(bar("SCoOp", 2)), Examples.FOUR);
        byte[] once = Files.readAllBytes(directory.resolve("plot.png"));
        plot(List.of(bar("SCoOp", 2)), Examples.FOUR);
        assertArrayEquals(once, Files.readAllBytes(directory.resolve("plot.png")));
    }

    @Test
    void aFigureThatIsNotFiniteIsRefused() {
        List<BarPlot.Difference> none = List.of(new BarPlot.Difference("CoOp", Estimate.of(Double.NaN)));
        assertThrows(IllegalArgumentException.class, () -> plot(none, Examples.FOUR));
    }

    private static BarPlot.Difference bar(String method, double points) {
        return new BarPlot.Difference(method, Examples.around(points));
    }

    private Png plot(List<BarPlot.Difference> differences, List<String> methods) throws IOException {
        Path file = directory.resolve("plot.png");
        BarPlot.write(file, Examples.TITLE, "Harmonic mean", "Zero-shot CLIP", new Palette(methods), differences);
        return Png.read(file);
    }
}
