package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.landscape.LandscapeGrid;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;

/**
 * The loss around the solution of each method, a panel a method: colours on one scale for all of them, lines of equal loss, and a cross at
 * the solution. Axes are XChart's; the field is drawn here, since XChart's heat map has neither contours nor a shared scale.
 */
public final class LandscapePlot {
    public record Panel(String method, LandscapeGrid grid) {}

    private static final int MARGIN = 14;
    private static final int BAR = 120;
    private static final int HEADING = 30;
    private static final int LEVELS = 24;
    private static final int SMALL = 400;
    private static final Color SOLUTION = new Color(0xD62728);
    private static final Color NOT_FINITE = new Color(0xBDBDBD);

    private LandscapePlot() {}

    /**
     * Writes the PNG: two panels side by side for up to four methods, three for nine, four for more.
     *
     * @param measure what the grids hold, e.g. "Loss (nats)"
     */
    public static void write(Path file, Title title, String measure, List<Panel> panels) {
        int columns = panels.size() <= 1 ? 1 : panels.size() <= 4 ? 2 : panels.size() <= 9 ? 3 : 4;
        int rows = Math.max(1, (panels.size() + columns - 1) / columns);
        int width = (Canvas.WIDTH - BAR - MARGIN) / columns;
        int height = Math.min(width, 760) + HEADING;
        Canvas canvas = new Canvas(title, Canvas.TOP + rows * height + MARGIN);
        Range losses = Range.around(panels.stream().flatMap(panel -> Arrays.stream(panel.grid().loss())).flatMapToDouble(Arrays::stream),
                0);
        for (int i = 0; i < panels.size(); i++) {
            draw(canvas, panels.get(i), losses, MARGIN + i % columns * width, Canvas.TOP + i / columns * height, width, height);
        }
        ColourScale.VIRIDIS.drawBar(canvas, losses, measure, Canvas.WIDTH - BAR + MARGIN, Canvas.TOP + HEADING,
                rows * height - HEADING - 90);
        canvas.write(file);
    }

    private static void draw(Canvas canvas, Panel panel, Range losses, int left, int top, int width, int height) {
        LandscapeGrid grid = panel.grid();
        Range side = new Range(grid.offsets()[0], grid.offsets()[grid.offsets().length - 1]);
        XYChart chart = PlotCharts.xy("Direction 1 (distance)", "Direction 2 (distance)");
        chart.getStyler().setLegendVisible(false).setChartPadding(6);
        Font font = Canvas.font(Font.PLAIN, width > SMALL ? 14 : 12);
        chart.getStyler().setXAxisTickMarkSpacingHint(width / 7).setYAxisTickMarkSpacingHint(width / 8).setAxisTickLabelsFont(font)
                .setAxisTitleFont(font)
                .setAxisTitlePadding(8);
        PlotCharts.range(chart, side, side);
        Canvas.Placed placed = canvas.paint(chart, left, top + HEADING, width - MARGIN, height - HEADING - MARGIN);
        Rectangle2D area = placed.area(side, side);
        canvas.graphics().setClip(area);
        field(canvas.graphics(), grid, losses, area);
        contours(canvas.graphics(), placed, grid, losses);
        canvas.graphics().setClip(null);
        canvas.graphics().setColor(Palette.FAINT_INK);
        canvas.graphics().setStroke(Palette.stroke(1));
        canvas.graphics().draw(area);
        cross(canvas.graphics(), placed.x(0), placed.y(0));
        Font bold = Canvas.font(Font.BOLD, 17);
        canvas.text(canvas.cut(panel.method(), bold, area.getWidth()), bold, Palette.INK, area.getX(), top + HEADING - 4);
    }

    /** Every pixel's loss, interpolated between the grid's. */
    private static void field(Graphics2D graphics, LandscapeGrid grid, Range losses, Rectangle2D area) {
        int width = (int) Math.ceil(area.getWidth());
        int height = (int) Math.ceil(area.getHeight());
        BufferedImage field = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double loss = interpolated(grid.loss(), (column + 0.5) / width, 1 - (row + 0.5) / height);
                field.setRGB(column, row,
                        Double.isFinite(loss) ? ColourScale.VIRIDIS.rgb((loss - losses.low()) / losses.extent()) : NOT_FINITE.getRGB());
            }
        }
        graphics.drawImage(field, (int) area.getX(), (int) area.getY(), null);
    }

    /** Bilinear, at fractions of the grid's sides; evenly spaced as the grid is. */
    private static double interpolated(double[][] loss, double alongX, double alongY) {
        double x = alongX * (loss[0].length - 1);
        double y = alongY * (loss.length - 1);
        int column = Math.min((int) x, loss[0].length - 2);
        int row = Math.min((int) y, loss.length - 2);
        double below = loss[row][column] + (x - column) * (loss[row][column + 1] - loss[row][column]);
        double above = loss[row + 1][column] + (x - column) * (loss[row + 1][column + 1] - loss[row + 1][column]);
        return below + (y - row) * (above - below);
    }

    private static void contours(Graphics2D graphics, Canvas.Placed placed, LandscapeGrid grid, Range losses) {
        graphics.setColor(new Color(255, 255, 255, 170));
        graphics.setStroke(Palette.stroke(1.1f));
        for (double level : losses.ticks(LEVELS)) {
            for (Line2D piece : Contours.of(grid.offsets(), grid.loss(), level)) {
                graphics.draw(new Line2D.Double(placed.x(piece.getX1()), placed.y(piece.getY1()), placed.x(piece.getX2()),
                        placed.y(piece.getY2())));
            }
        }
    }

    /** Marks the solution, red on white. */
    private static void cross(Graphics2D graphics, double x, double y) {
        Path2D cross = new Path2D.Double();
        cross.append(new Line2D.Double(x - 7, y - 7, x + 7, y + 7), false);
        cross.append(new Line2D.Double(x - 7, y + 7, x + 7, y - 7), false);
        graphics.setColor(Palette.PAPER);
        graphics.setStroke(Palette.stroke(6));
        graphics.draw(cross);
        graphics.setColor(SOLUTION);
        graphics.setStroke(Palette.stroke(3));
        graphics.draw(cross);
    }
}
