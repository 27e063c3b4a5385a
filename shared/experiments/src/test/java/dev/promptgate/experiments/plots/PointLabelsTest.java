package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PointLabelsTest {
    private static final Rectangle2D BOUNDS = new Rectangle2D.Double(100, 100, 1000, 700);

    @Test
    void namesOfCrowdedPointsCoverNeitherEachOtherNorThePoints() {
        Random random = new Random(2);
        List<PointLabels.Label> labels = IntStream.range(0, 14)
                .mapToObj(i -> new PointLabels.Label("Method " + i, Palette.INK, 500 + 40 * random.nextGaussian(),
                        400 + 40 * random.nextGaussian()))
                .toList();
        List<Rectangle2D> places = new PointLabels(new Canvas(Examples.TITLE, 900), BOUNDS, List.of()).write(labels);
        for (int i = 0; i < places.size(); i++) {
            Rectangle2D place = places.get(i);
            assertTrue(BOUNDS.contains(place), place.toString());
            labels.forEach(label -> assertFalse(place.contains(label.x(), label.y()), label.toString()));
            places.subList(0, i).forEach(other -> assertFalse(place.intersects(other), place + " and " + other));
        }
    }

    @Test
    void aPointInTheCornerHasItsNameInside() {
        PointLabels.Label corner = new PointLabels.Label("A method with a long name", Palette.INK, 1095, 105);
        Rectangle2D place = new PointLabels(new Canvas(Examples.TITLE, 900), BOUNDS, List.of()).write(List.of(corner)).get(0);
        assertTrue(BOUNDS.contains(place), place.toString());
    }

    @Test
    void linesAreLeftFree() {
        Line2D whisker = new Line2D.Double(400, 400, 600, 400);
        PointLabels.Label middle = new PointLabels.Label("CoOp", Palette.INK, 500, 400);
        Rectangle2D place = new PointLabels(new Canvas(Examples.TITLE, 900), BOUNDS, List.of(whisker)).write(List.of(middle)).get(0);
        assertFalse(whisker.intersects(place), place.toString());
    }
}
