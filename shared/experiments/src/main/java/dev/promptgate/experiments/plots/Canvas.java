package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/** White paper with a title, on which charts are painted, and which is written as a PNG. Not thread-safe. */
final class Canvas {
    static {
        Headless.ensure();
    }

    static final int WIDTH = 1200;
    /** Where the title ends and charts begin, pixels. */
    static final int TOP = 84;
    private static final int MARGIN = 24;

    /** What XChart's charts are painted by. */
    @FunctionalInterface
    interface Painter {
        void paint(Graphics2D graphics, int width, int height);
    }

    /**
     * A chart that has been painted, for what is to be drawn on it.
     *
     * @param left of the chart on its canvas, pixels
     * @param top likewise
     */
    record Placed(XYChart chart, int left, int top) {
        /** Where a value of the x axis lies on the canvas. */
        double x(double value) {
            return left + chart.getScreenXFromChart(value);
        }

        double y(double value) {
            return top + chart.getScreenYFromChart(value);
        }

        /** What lies between the axes' ends. */
        Rectangle2D area(Range x, Range y) {
            return new Rectangle2D.Double(x(x.low()), y(y.high()), x(x.high()) - x(x.low()), y(y.low()) - y(y.high()));
        }
    }

    private final BufferedImage image;
    private final Graphics2D graphics;

    Canvas(Title title, int height) {
        Headless.requireFonts();
        image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Palette.PAPER);
        graphics.fillRect(0, 0, WIDTH, height);
        write(title.headline(), font(Font.BOLD, 24), Palette.INK, 40);
        write(title.subtitle(), font(Font.PLAIN, 17), Palette.FAINT_INK, 68);
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** A line of the title, set smaller if it is long, and cut if it is too long for that. */
    private void write(String text, Font font, Color colour, int baseline) {
        Font fitting = font;
        int room = WIDTH - 2 * MARGIN;
        while (width(text, fitting) > room && fitting.getSize() > 13) {
            fitting = fitting.deriveFont(fitting.getSize() - 1f);
        }
        text(cut(text, fitting, room), fitting, colour, MARGIN, baseline);
    }

    /** As much of a text as there is room for. */
    String cut(String text, Font font, double room) {
        String kept = text;
        while (kept.length() > 1 && width(kept, font) > room) {
            kept = kept.substring(0, kept.length() - 2).stripTrailing() + "…";
        }
        return kept;
    }

    double width(String text, Font font) {
        return font.getStringBounds(text, graphics.getFontRenderContext()).getWidth();
    }

    /** With a white rim, so that it can be read across lines. */
    void text(String text, Font font, Color colour, double x, double baseline) {
        if (!text.isBlank()) {
            graphics.setColor(Palette.PAPER);
            graphics.setStroke(Palette.stroke(4));
            graphics.draw(outline(text, font, x, baseline));
            bareText(text, font, colour, x, baseline);
        }
    }

    /** Without a rim, on a field of one colour. */
    void bareText(String text, Font font, Color colour, double x, double baseline) {
        graphics.setColor(colour);
        graphics.fill(outline(text, font, x, baseline));
    }

    private Shape outline(String text, Font font, double x, double baseline) {
        return new TextLayout(text, font, graphics.getFontRenderContext()).getOutline(AffineTransform.getTranslateInstance(x, baseline));
    }

    /** Paints a chart into a rectangle. */
    Placed paint(XYChart chart, int x, int y, int width, int height) {
        paint(chart::paint, x, y, width, height);
        return new Placed(chart, x, y);
    }

    /** Paints a chart of another kind. */
    void paint(Painter chart, int x, int y, int width, int height) {
        graphics.translate(x, y);
        chart.paint(graphics, width, height);
        graphics.translate(-x, -y);
        graphics.setClip(null);
    }

    Graphics2D graphics() {
        return graphics;
    }

    int height() {
        return image.getHeight();
    }

    /** @throws UncheckedIOException naming the file, if it cannot be written */
    void write(Path file) {
        graphics.dispose();
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            Files.write(file, png.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("The plot cannot be written [file: " + file + "]", e);
        }
    }
}
