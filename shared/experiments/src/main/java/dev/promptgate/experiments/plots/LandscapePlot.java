package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.landscape.LandscapeGrid;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
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
    private static final int BAR = 140;
    private static final int BAR_WIDTH = 22;
    private static final int HEADING = 30;
    private static final int LEVELS = 24;
    private static final int SMALL = 400;
    private static final Color SOLUTION = new Color(0xD62728);
    private static final int NOT_FINITE = 0xBDBDBD;
    /** Dark to bright, evenly to the eye and to colour-blind ones (matplotlib's). */
    private static final int[] VIRIDIS = {0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151,
            0xBDDF26,
            0xFDE725};

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
        bar(canvas, losses, measure, rows * height - HEADING - 90);
        canvas.write(file);
    }

    private static void draw(Canvas canvas, Panel panel, Range losses, int left, int top, int width, int height) {
        double[] offsets = panel.grid().offsets();
        Range side = new Range(offsets[0], offsets[offsets.length - 1]);
        XYChart chart = PlotCharts.xy("Direction 1 (distance)", "Direction 2 (distance)");
        chart.getStyler().setLegendVisible(false).setChartPadding(6);
        Font font = Canvas.font(Font.PLAIN, width > SMALL ? 14 : 12);
        chart.getStyler().setXAxisTickMarkSpacingHint(width / 7).setYAxisTickMarkSpacingHint(width / 8).setAxisTickLabelsFont(font)
                .setAxisTitleFont(font).setAxisTitlePadding(8);
        PlotCharts.range(chart, side, side);
        Canvas.Placed placed = canvas.paint(chart, left, top + HEADING, width - MARGIN, height - HEADING - MARGIN);
        Rectangle2D area = new Rectangle2D.Double(placed.x(side.low()), placed.y(side.high()), placed.x(side.high()) - placed.x(side.low()),
                placed.y(side.low()) - placed.y(side.high()));
        Graphics2D graphics = canvas.graphics();
        graphics.setClip(area);
        graphics.drawImage(field(panel.grid().loss(), losses, (int) Math.ceil(area.getWidth()), (int) Math.ceil(area.getHeight())),
                (int) area.getX(), (int) area.getY(), null);
        graphics.setClip(null);
        graphics.setColor(Palette.FAINT_INK);
        graphics.setStroke(Palette.stroke(1));
        graphics.draw(area);
        cross(graphics, placed.x(0), placed.y(0));
        Font bold = Canvas.font(Font.BOLD, 17);
        canvas.text(canvas.cut(panel.method(), bold, area.getWidth()), bold, Palette.INK, area.getX(), top + HEADING - 4);
    }

    /**
     * A pixel's colour is its loss, interpolated between the grid's; it is pale where a level lies between it and the one right or below.
     */
    static BufferedImage field(double[][] losses, Range range, int width, int height) {
        double[][] values = new double[height + 1][width + 1];
        for (int row = 0; row <= height; row++) {
            for (int column = 0; column <= width; column++) {
                values[row][column] = interpolated(losses, (column + 0.5) / width, 1 - (row + 0.5) / height);
            }
        }
        BufferedImage field = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        double step = range.step(LEVELS);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double loss = values[row][column];
                int rgb = Double.isFinite(loss) ? viridis((loss - range.low()) / range.extent()) : NOT_FINITE;
                boolean onLine = isBetween(loss, values[row][column + 1], step) || isBetween(loss, values[row + 1][column], step);
                field.setRGB(column, row, onLine ? Palette.pale(new Color(rgb)).getRGB() : rgb);
            }
        }
        return field;
    }

    /** Whether a multiple of the step lies between two losses; not where one is not finite. */
    private static boolean isBetween(double one, double other, double step) {
        return Double.isFinite(one) && Double.isFinite(other) && Math.floor(one / step) != Math.floor(other / step);
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

    /** The colour at a fraction of the scale; what lies beyond an end has that end's. */
    static int viridis(double fraction) {
        double place = Math.min(1, Math.max(0, fraction)) * (VIRIDIS.length - 1);
        int below = Math.min((int) place, VIRIDIS.length - 2);
        double share = place - below;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double mixed = (VIRIDIS[below] >> shift & 0xFF) * (1 - share) + (VIRIDIS[below + 1] >> shift & 0xFF) * share;
            rgb |= (int) Math.round(mixed) << shift;
        }
        return rgb;
    }

    /** Marks the solution, red on white. */
    private static void cross(Graphics2D graphics, double x, double y) {
        Path2D cross = new Path2D.Double(new Line2D.Double(x - 7, y - 7, x + 7, y + 7));
        cross.append(new Line2D.Double(x - 7, y + 7, x + 7, y - 7), false);
        graphics.setColor(Palette.PAPER);
        graphics.setStroke(Palette.stroke(6));
        graphics.draw(cross);
        graphics.setColor(SOLUTION);
        graphics.setStroke(Palette.stroke(3));
        graphics.draw(cross);
    }

    /** The legend, with the lowest loss at the bottom, numbers to the right of it and the unit along them. */
    private static void bar(Canvas canvas, Range range, String unit, int height) {
        int left = Canvas.WIDTH - BAR + MARGIN;
        int top = Canvas.TOP + HEADING;
        Font font = Canvas.font(Font.PLAIN, 15);
        Graphics2D graphics = canvas.graphics();
        for (int i = 0; i < height; i++) {
            graphics.setColor(new Color(viridis(1 - (i + 0.5) / height)));
            graphics.fillRect(left, top + i, BAR_WIDTH, 1);
        }
        double widest = 0;
        for (double tick : range.ticks(7)) {
            double y = top + height * (range.high() - tick) / range.extent();
            graphics.setColor(Palette.FAINT_INK);
            graphics.setStroke(Palette.stroke(1));
            graphics.drawLine(left + BAR_WIDTH, (int) Math.round(y), left + BAR_WIDTH + 5, (int) Math.round(y));
            canvas.text(PlotCharts.number(tick), font, Palette.INK, left + BAR_WIDTH + 9, y + 5);
            widest = Math.max(widest, canvas.width(PlotCharts.number(tick), font));
        }
        Font bold = Canvas.font(Font.BOLD, 16);
        AffineTransform upright = graphics.getTransform();
        graphics.rotate(Math.PI / 2, left + BAR_WIDTH + 20 + widest, top + height / 2.0);
        canvas.text(unit, bold, Palette.INK, left + BAR_WIDTH + 20 + widest - canvas.width(unit, bold) / 2, top + height / 2.0);
        graphics.setTransform(upright);
    }
}
