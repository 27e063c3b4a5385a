package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracePlotsTest {
    private static final int LEGEND = 800;
    private static final Palette PALETTE = new Palette(Examples.FOUR);
    private static final List<TracePlots.Bound> BOUNDS = List.of(new TracePlots.Bound("β1", 0.5), new TracePlots.Bound("β2", 0.8));

    @TempDir
    private Path directory;

    @Test
    void cosinesAreDrawnWithTheBoundsAndWithoutMethodsThatHaveNone() throws IOException {
        Path file = directory.resolve("cosine.png");
        TracePlots.Trace none = new TracePlots.Trace("CoOp", new double[0], new double[0]);
        TracePlots.cosines(file, Examples.TITLE, PALETTE, List.of(trace("SCoOp", 0.9), trace("GCSCoOp", 0.6), none), BOUNDS);
        Png png = Png.read(file);
        assertEquals(1200, png.width());
        assertTrue(png.meanY(PALETTE.colour("SCoOp"), LEGEND) < png.meanY(PALETTE.colour("GCSCoOp"), LEGEND));
        assertEquals(0, png.count(PALETTE.colour("CoOp")));
        TracePlots.cosines(file, Examples.TITLE, PALETTE, List.of(trace("SCoOp", 0.9), trace("GCSCoOp", 0.6)), List.of());
        assertTrue(png.count(Palette.FAINT_INK) > Png.read(file).count(Palette.FAINT_INK) + 300, "two dashed lines");
    }

    @Test
    void theSameInputGivesTheSameFile() throws IOException {
        Path file = directory.resolve("cosine.png");
        TracePlots.cosines(file, Examples.TITLE, PALETTE, List.of(trace("SCoOp", 0.9)), BOUNDS);
        byte[] once = Files.readAllBytes(file);
        TracePlots.cosines(file, Examples.TITLE, PALETTE, List.of(trace("SCoOp", 0.9)), BOUNDS);
        assertArrayEquals(once, Files.readAllBytes(file));
    }

    @Test
    void lossesHaveASecondPanelWhereAMethodLooksAtThePerturbedOne() throws IOException {
        Path file = directory.resolve("loss.png");
        TracePlots.losses(file, Examples.TITLE, PALETTE, List.of(trace("CoOp", 1), trace("SCoOp", 1.5)), List.of(trace("SCoOp", 1.6)));
        Png both = Png.read(file);
        TracePlots.losses(file, Examples.TITLE, PALETTE, List.of(trace("CoOp", 1), trace("SCoOp", 1.5)), List.of());
        Png one = Png.read(file);
        assertTrue(both.height() > one.height() + 300);
        assertTrue(both.count(PALETTE.colour("SCoOp"), 0, 0.66) > 1.7 * one.count(PALETTE.colour("SCoOp"), 0, 0.66));
        assertTrue(one.meanY(PALETTE.colour("SCoOp"), LEGEND) < one.meanY(PALETTE.colour("CoOp"), LEGEND));
    }

    @Test
    void fourteenMethodsAndNoneAreDrawn() throws IOException {
        Path file = directory.resolve("loss.png");
        Palette palette = new Palette(Examples.FOURTEEN);
        List<TracePlots.Trace> traces = Examples.FOURTEEN.stream().map(method -> trace(method, Examples.FOURTEEN.indexOf(method))).toList();
        TracePlots.losses(file, Examples.TITLE, palette, traces, List.of());
        Png png = Png.read(file);
        Examples.FOURTEEN.forEach(method -> assertTrue(png.count(palette.colour(method), 0.1, 0.66) > 300, method));
        TracePlots.cosines(file, Examples.TITLE, palette, List.of(), BOUNDS);
        assertTrue(Png.read(file).count(Palette.FAINT_INK) > 1000, "the axes and the bounds");
    }

    @Test
    void aTrainingOfOneStepAndAConstantLossBreakNothing() throws IOException {
        Path file = directory.resolve("loss.png");
        TracePlots.losses(file, Examples.TITLE, PALETTE,
                List.of(new TracePlots.Trace("CoOp", new double[] {1}, new double[] {2}), trace("SCoOp", 2)),
                List.of());
        assertTrue(Png.read(file).count(PALETTE.colour("SCoOp")) > 300);
    }

    private static TracePlots.Trace trace(String method, double level) {
        double[] steps = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
        return new TracePlots.Trace(method, steps, DoubleStream.of(steps).map(step -> level).toArray());
    }
}
