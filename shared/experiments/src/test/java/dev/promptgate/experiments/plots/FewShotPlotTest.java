package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewShotPlotTest {
    private static final int LEGEND = 800;

    @TempDir
    private Path directory;

    @Test
    void theMoreAccurateMethodIsAbove() throws IOException {
        Png png = plot(Examples.FOUR, new int[] {1, 2, 4, 8, 16}, true);
        assertEquals(1200, png.width());
        Palette palette = new Palette(Examples.FOUR);
        for (int i = 0; i + 1 < 4; i++) {
            assertTrue(
                    png.meanY(palette.colour(Examples.FOUR.get(i)), LEGEND) > png.meanY(palette.colour(Examples.FOUR.get(i + 1)), LEGEND));
        }
    }

    @Test
    void theSameInputGivesTheSameFile() throws IOException {
        plot(Examples.FOUR, new int[] {1, 4}, true);
        byte[] once = Files.readAllBytes(directory.resolve("plot.png"));
        plot(Examples.FOUR, new int[] {1, 4}, true);
        assertArrayEquals(once, Files.readAllBytes(directory.resolve("plot.png")));
    }

    @Test
    void aSingleMethodAndNumberOfShotsIsAPointInTheMiddle() throws IOException {
        Png png = plot(List.of("CoOp"), new int[] {16}, false);
        assertTrue(png.meanX(new Palette(List.of("CoOp")).colour("CoOp"), LEGEND) > 400);
    }

    @Test
    void fourteenMethodsWithLongNamesLeaveRoomForTheLines() throws IOException {
        Png png = plot(Examples.FOURTEEN, new int[] {1, 2, 4, 8, 16}, true);
        Palette palette = new Palette(Examples.FOURTEEN);
        Examples.FOURTEEN.forEach(method -> assertTrue(png.count(palette.colour(method), 0.1, 0.68) > 400, method));
    }

    private Png plot(List<String> methods, int[] shots, boolean intervals) throws IOException {
        Path file = directory.resolve("plot.png");
        FewShotPlot.write(file, Examples.TITLE, "Accuracy on held-out images", new Palette(methods),
                methods.stream().map(method -> new FewShotPlot.Line(method,
                        IntStream.of(shots)
                                .mapToObj(n -> new FewShotPlot.Shots(n, figure(50 + Math.sqrt(n) + 3 * methods.indexOf(method), intervals)))
                                .toList()))
                        .toList());
        return Png.read(file);
    }

    private static Estimate figure(double value, boolean interval) {
        return interval ? Examples.around(value) : Estimate.of(value);
    }
}
