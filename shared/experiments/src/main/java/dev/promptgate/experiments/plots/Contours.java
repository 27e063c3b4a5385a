package dev.promptgate.experiments.plots;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;

/** Lines of equal value through a grid, by marching squares: straight inside a cell, values interpolated along its edges. */
final class Contours {
    private Contours() {}

    /**
     * The pieces of one line, in the axes' unit; none in cells with a corner that is not finite.
     *
     * @param axis of both sides
     * @param values [y][x]
     */
    static List<Line2D> of(double[] axis, double[][] values, double level) {
        List<Line2D> pieces = new ArrayList<>();
        for (int row = 0; row + 1 < axis.length; row++) {
            for (int column = 0; column + 1 < axis.length; column++) {
                double[] corners = {values[row][column], values[row][column + 1], values[row + 1][column + 1], values[row + 1][column]};
                double[] xs = {axis[column], axis[column + 1], axis[column + 1], axis[column]};
                double[] ys = {axis[row], axis[row], axis[row + 1], axis[row + 1]};
                List<Point2D> crossings = crossings(xs, ys, corners, level);
                for (int i = 0; i + 1 < crossings.size(); i += 2) { // four at a saddle: either way of pairing them is right
                    pieces.add(new Line2D.Double(crossings.get(i), crossings.get(i + 1)));
                }
            }
        }
        return pieces;
    }

    /** Where the level crosses a cell's edges, in turn round the cell: none, two or four. */
    private static List<Point2D> crossings(double[] xs, double[] ys, double[] corners, double level) {
        List<Point2D> crossings = new ArrayList<>(4);
        for (int from = 0; from < 4; from++) {
            int to = (from + 1) % 4;
            if (!Double.isFinite(corners[from])) {
                return List.of();
            }
            if (corners[from] < level != corners[to] < level) {
                double share = (level - corners[from]) / (corners[to] - corners[from]);
                crossings.add(new Point2D.Double(xs[from] + share * (xs[to] - xs[from]), ys[from] + share * (ys[to] - ys[from])));
            }
        }
        return crossings;
    }
}
