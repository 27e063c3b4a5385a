package dev.promptgate.experiments.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.apache.commons.lang3.Validate;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One look for each method of a report, by title and in its order, the same in all of its plots. Seven colours that stay apart for
 * colour-blind readers (Okabe and Ito's, less yellow, which white paper swallows); beyond seven methods, markers and dashes tell equal
 * colours apart.
 */
public record Palette(List<String> methods) {
    static {
        Canvas.beHeadless();
    }

    static final Color INK = new Color(0x222222);
    static final Color FAINT_INK = new Color(0x6B6B6B);
    static final Color GRID = new Color(0xE4E4E4);
    static final Color PAPER = Color.WHITE;
    private static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
            new Color(0x000000), new Color(0xE69F00), new Color(0x56B4E9)};
    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP,
            SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS};
    private static final float[][] DASHES = {null, {8, 4}, {2, 3}};
    /** So many methods look different from each other. */
    public static final int LOOKS = COLOURS.length * DASHES.length;

    public Palette {
        methods = List.copyOf(methods);
    }

    Color colour(String method) {
        return COLOURS[index(method) % COLOURS.length];
    }

    Marker marker(String method) {
        return MARKERS[index(method) % MARKERS.length];
    }

    /** Solid for the first seven methods, then dashed, then dotted. */
    BasicStroke stroke(String method, float width) {
        return stroke(width, DASHES[index(method) / COLOURS.length % DASHES.length]);
    }

    static BasicStroke stroke(float width, float... dash) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash == null || dash.length == 0 ? null : dash, 0);
    }

    /** Half way to white, so that lines and text can be seen on it. */
    static Color pale(Color colour) {
        return new Color((colour.getRed() + 255) / 2, (colour.getGreen() + 255) / 2, (colour.getBlue() + 255) / 2);
    }

    private int index(String method) {
        int index = methods.indexOf(method);
        Validate.isTrue(index >= 0, "A plot holds a method that the report does not [method: %s, report: %s]", method,
                String.join(", ", methods));
        return index;
    }
}
