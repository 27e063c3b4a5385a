package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.landscape.LandscapeGrid;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandscapePlotTest {
    private static final float[] SOLUTION = {0, 0};

    @TempDir
    private Path directory;

    @Test
    void allMethodsShareOneScale() throws IOException {
        // The same bowl, but one lies 10 higher: on one scale it is bright where the other is dark.
        Png png = plot(List.of(panel("CoOp", 0), panel("GCSCoOp", 10)));
        assertEquals(1200, png.width());
        assertTrue(luminance(png.at(0.25, 0.4)) < 70 && luminance(png.at(0.65, 0.4)) > 170,
                png.at(0.25, 0.4) + " and " + png.at(0.65, 0.4));
    }

    @Test
    void theSolutionIsMarked() throws IOException {
        Png png = plot(List.of(panel("CoOp", 0)));
        Color red = new Color(0xD62728);
        assertTrue(png.count(red) > 20);
        assertEquals(570, png.meanX(red, 1200), 30, "in the plot's middle");
    }

    @Test
    void whatIsNotFiniteIsGrey() throws IOException {
        LandscapeGrid cliff = LandscapeGrid.around(SOLUTION, x -> x[0] > 0.2 ? Double.NaN : x[0] * x[0],
                new LandscapeGrid.Settings(11, 0.5, 1));
        assertTrue(plot(List.of(new LandscapePlot.Panel("CoOp", cliff))).count(new Color(0xBDBDBD)) > 10_000);
    }

    @Test
    void fourteenMethodsWithLongNamesAndFlatLossesFit() throws IOException {
        Png many = plot(IntStream.range(0, 14).mapToObj(i -> panel(Examples.FOURTEEN.get(i), i)).toList());
        assertTrue(many.count(new Color(0xD62728)) > 14 * 15);
        LandscapeGrid flat = LandscapeGrid.around(SOLUTION, x -> 1, new LandscapeGrid.Settings(3, 0.5, 1));
        assertTrue(plot(List.of(new LandscapePlot.Panel("CoOp", flat))).count(new Color(0xD62728)) > 20);
    }

    @Test
    void theSameInputGivesTheSameFile() throws IOException {
        plot(List.of(panel("CoOp", 0)));
        byte[] once = Files.readAllBytes(directory.resolve("plot.png"));
        plot(List.of(panel("CoOp", 0)));
        assertArrayEquals(once, Files.readAllBytes(directory.resolve("plot.png")));
    }

    @Test
    void theLinesOfEqualLossAroundABowlAreCircles() {
        double[][] bowl = IntStream.rangeClosed(-20, 20)
                .mapToObj(y -> IntStream.rangeClosed(-20, 20).mapToDouble(x -> (x * x + y * y) / 400.0).toArray()).toArray(double[][]::new);
        BufferedImage field = LandscapePlot.field(bowl, new Range(0, 2), 400, 400); // levels 0.1 apart
        int lines = 0;
        for (int i = 0; i < 400 * 400; i++) {
            double x = (i % 400 + 0.5) / 200 - 1;
            double y = 1 - (i / 400 + 0.5) / 200;
            double squared = x * x + y * y;
            double distance = Math.abs(Math.sqrt(squared) - Math.sqrt(Math.rint(squared * 10) / 10));
            boolean isPale = new Color(field.getRGB(i % 400, i / 400)).getRed() >= 127 + (LandscapePlot.viridis(squared / 2) >> 16) / 2 - 3;
            assertTrue(distance < 0.02 || !isPale, "a line at a distance of " + distance);
            lines += isPale ? 1 : 0;
        }
        // the circles' lengths to the tenth level, in pixels; drawn by edges right and below, a circle has between 1 and √2 of them
        double length = IntStream.rangeClosed(1, 9).mapToDouble(level -> 2 * Math.PI * Math.sqrt(level / 10.0) * 200).sum();
        assertTrue(lines > length, lines + " of " + length);
    }

    @Test
    void noLineIsDrawnWhereTheLossIsNotFinite() {
        double[][] slope = {{0, 1, Double.NaN}, {0, 1, 2}, {0, 1, 2}};
        BufferedImage field = LandscapePlot.field(slope, new Range(0, 2), 200, 200);
        assertEquals(0xFFBDBDBD, field.getRGB(199, 199), "the cell with the corner, at the bottom right");
        for (int row = 101; row < 200; row++) {
            for (int column = 101; column < 200; column++) {
                assertEquals(0xFFBDBDBD, field.getRGB(column, row));
            }
        }
    }

    private static LandscapePlot.Panel panel(String method, double height) {
        LandscapeGrid.Settings settings = new LandscapeGrid.Settings(9, 0.5, 1);
        return new LandscapePlot.Panel(method, LandscapeGrid.around(SOLUTION, x -> height + x[0] * x[0] + x[1] * x[1], settings));
    }

    private static double luminance(Color colour) {
        return 0.3 * colour.getRed() + 0.59 * colour.getGreen() + 0.11 * colour.getBlue();
    }

    private Png plot(List<LandscapePlot.Panel> panels) throws IOException {
        Path file = directory.resolve("plot.png");
        LandscapePlot.write(file, Examples.TITLE, "Loss (nats)", panels);
        return Png.read(file);
    }
}
