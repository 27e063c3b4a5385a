package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a name beside each point of a plot, where it covers neither points nor other names, and few lines. Points are placed one after the
 * other, each at the cheapest of many places around it; a name that had to go far off is tied to its point by a line.
 */
final class PointLabels {
    /** A name, and where its point is on the canvas. */
    record Label(String text, Color colour, double x, double y) {}

    private static final Font FONT = Canvas.font(Font.BOLD, 16);
    private static final double MARKER = 9;
    private static final int[] DISTANCES = {16, 20, 30, 42, 56, 74, 96, 122, 152, 190};
    private static final int ANGLES = 24;
    private static final double TIED_BEYOND = 22;

    private final Canvas canvas;
    private final Rectangle2D bounds;
    private final List<Rectangle2D> taken = new ArrayList<>();
    private final List<Line2D> lines;

    /**
     * @param bounds that the names must keep within
     * @param lines that names had better not cover
     */
    PointLabels(Canvas canvas, Rectangle2D bounds, List<Line2D> lines) {
        this.canvas = canvas;
        this.bounds = bounds;
        this.lines = new ArrayList<>(lines);
    }

    /** The places of the names, in the points' order. */
    List<Rectangle2D> write(List<Label> labels) {
        for (Label label : labels) {
            taken.add(new Rectangle2D.Double(label.x() - MARKER, label.y() - MARKER, 2 * MARKER, 2 * MARKER));
        }
        return labels.stream().map(this::place).toList();
    }

    private Rectangle2D place(Label label) {
        String text = canvas.cut(label.text(), FONT, bounds.getWidth() / 3);
        double width = canvas.width(text, FONT);
        double height = FONT.getSize();
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int distance : DISTANCES) {
            for (int turn = 0; turn < ANGLES; turn++) {
                double angle = 2 * Math.PI * turn / ANGLES;
                double x = label.x() + Math.cos(angle) * distance + aside(Math.cos(angle)) * width / 2 - width / 2;
                double y = label.y() - Math.sin(angle) * distance - aside(Math.sin(angle)) * height / 2 - height / 2;
                Rectangle2D place = new Rectangle2D.Double(x, y, width, height);
                double cost = cost(place, label) + distance;
                if (cost < least) {
                    least = cost;
                    best = place;
                }
            }
        }
        taken.add(best);
        tie(label, best);
        canvas.text(text, FONT, label.colour(), best.getX(), best.getMaxY() - height * 0.14);
        return best;
    }

    /** Obliquely to a point, a name stands with its corner towards it. */
    private static double aside(double component) {
        return Math.max(-1, Math.min(1, 2 * component));
    }

    private double cost(Rectangle2D place, Label label) {
        double cost = bounds.contains(place) ? 0 : 1e6;
        Rectangle2D roomy = new Rectangle2D.Double(place.getX() - 4, place.getY() - 3, place.getWidth() + 8, place.getHeight() + 6);
        for (Rectangle2D other : taken) {
            Rectangle2D common = roomy.createIntersection(other);
            cost += common.getWidth() > 0 && common.getHeight() > 0 ? 2000 + common.getWidth() * common.getHeight() : 0;
        }
        Line2D tie = tieLine(label, place);
        for (Line2D line : lines) {
            cost += line.intersects(roomy) ? 80 : 0;
        }
        for (Rectangle2D other : taken) {
            cost += tie.intersects(other) && !other.contains(label.x(), label.y()) ? 60 : 0;
        }
        return cost;
    }

    private void tie(Label label, Rectangle2D place) {
        Line2D line = tieLine(label, place);
        if (line.getP1().distance(line.getP2()) > TIED_BEYOND) {
            canvas.graphics().setColor(label.colour());
            canvas.graphics().setStroke(Palette.stroke(1));
            canvas.graphics().draw(line);
            lines.add(line);
        }
    }

    /** From the point to the nearest place on the name's edge. */
    private static Line2D tieLine(Label label, Rectangle2D place) {
        double x = Math.min(place.getMaxX(), Math.max(place.getMinX(), label.x()));
        double y = Math.min(place.getMaxY(), Math.max(place.getMinY(), label.y()));
        return new Line2D.Double(label.x(), label.y(), x, y);
    }
}
