package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** White paper with a title, on which charts are painted, and which is written as a PNG. Not thread-safe. */
final class Canvas {
    static {
        beHeadless();
    }

    static final int WIDTH = 1200;
    /** Where the title ends and charts begin, pixels. */
    static final int TOP = 84;
    private static final int MARGIN = 24;

    /** A chart that has been painted, for what is to be drawn on it; left and top are its pixels on the canvas. */
    record Placed(Chart<?, ?> chart, int left, int top) {
        /** Where a value of the x axis lies on the canvas. */
        double x(double value) {
            return left + chart.getScreenXFromChart(value);
        }

        double y(double value) {
            return top + chart.getScreenYFromChart(value);
        }
    }

    private final BufferedImage image;
    private final Graphics2D graphics;

    Canvas(Title title, int height) {
        requireFonts();
        image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Palette.PAPER);
        graphics.fillRect(0, 0, WIDTH, height);
        write(title.headline(), font(Font.BOLD, 24), Palette.INK, 40);
        write(title.subtitle(), font(Font.PLAIN, 17), Palette.FAINT_INK, 68);
    }

    /**
     * Makes AWT headless, unless the user has said otherwise. It decides once, when its first class is loaded, whether there is a display:
     * with a stale DISPLAY it would try to reach it, and fail. So what here holds a colour or a font asks for this first.
     */
    static void beHeadless() {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    /** @throws IllegalStateException if Java finds no font to write with, as in a bare container */
    private static void requireFonts() {
        try {
            font(Font.PLAIN, 12).getStringBounds("x", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "Plots need fonts, and Java finds none; install fontconfig and a font, e.g. DejaVu, or leave the plots out", e);
        }
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
            Shape outline = new TextLayout(text, font, graphics.getFontRenderContext())
                    .getOutline(AffineTransform.getTranslateInstance(x, baseline));
            graphics.setColor(Palette.PAPER);
            graphics.setStroke(Palette.stroke(4));
            graphics.draw(outline);
            graphics.setColor(colour);
            graphics.fill(outline);
        }
    }

    /** Paints a chart into a rectangle. */
    Placed paint(Chart<?, ?> chart, int x, int y, int width, int height) {
        graphics.translate(x, y);
        chart.paint(graphics, width, height);
        graphics.translate(-x, -y);
        graphics.setClip(null);
        return new Placed(chart, x, y);
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
