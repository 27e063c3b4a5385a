package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgettingPlotTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstWaveIsAtTheTopAndForgottenClassesArePaler() throws IOException {
        Png png = plot(new double[][] {{80, 70}, {Double.NaN, 80}});
        assertEquals(1200, png.width());
        Color kept = png.at(0.1, 0.25);
        Color forgotten = png.at(0.8, 0.25);
        assertTrue(kept.getRed() < forgotten.getRed(), kept + " and " + forgotten);
        assertEquals(Palette.PAPER, png.at(0.1, 0.7), "not measured");
        assertEquals(kept, png.at(0.8, 0.7));
    }

    @Test
    void everyCellIsAnnotated() throws IOException {
        long two = plot(new double[][] {{80, 80}, {Double.NaN, Double.NaN}}).count(Palette.INK);
        long four = plot(new double[][] {{80, 80}, {80, 80}}).count(Palette.INK);
        assertTrue(four > two + 80, two + " and " + four);
    }

    @Test
    void oneWaveAndTwentyFiveAreDrawn() throws IOException {
        assertTrue(plot(new double[][] {{77}}).count(Palette.INK) > 300);
        double[][] many = new double[25][25];
        for (int i = 0; i < 25; i++) {
            for (int j = 0; j < 25; j++) {
                many[i][j] = j < i ? Double.NaN : 90 - j + i;
            }
        }
        Png png = plot(many);
        assertTrue(png.at(0.08, 0.12).getRed() < png.at(0.86, 0.12).getRed());
    }

    @Test
    void theSameInputGivesTheSameFile() throws IOException {
        plot(new double[][] {{80, 70}, {Double.NaN, 80}});
        byte[] once = Files.readAllBytes(directory.resolve("plot.png"));
        plot(new double[][] {{80, 70}, {Double.NaN, 80}});
        assertArrayEquals(once, Files.readAllBytes(directory.resolve("plot.png")));
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> plot(new double[][] {{Double.NaN}}));
        assertThrows(IllegalArgumentException.class, () -> plot(new double[0][]));
    }

    private Png plot(double[][] accuracies) throws IOException {
        Path file = directory.resolve("plot.png");
        ForgettingPlot.write(file, Examples.TITLE, accuracies);
        return Png.read(file);
    }
}
