package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;

/** The legend of a colour scale. */
final class ColourBar {
    private static final int WIDTH = 22;
    private static final Font FONT = Canvas.font(Font.PLAIN, 15);

    private ColourBar() {}

    /** With its lowest value at the bottom, numbers to the right of it and the unit along them. */
    static void draw(Canvas canvas, ColourScale scale, Range range, String unit, int left, int top, int height) {
        Graphics2D graphics = canvas.graphics();
        for (int i = 0; i < height; i++) {
            graphics.setColor(new Color(scale.rgb(1 - (i + 0.5) / height)));
            graphics.fillRect(left, top + i, WIDTH, 1);
        }
        graphics.setColor(Palette.FAINT_INK);
        graphics.setStroke(Palette.stroke(1));
        graphics.drawRect(left, top, WIDTH, height);
        double widest = 0;
        for (double tick : range.ticks(7)) {
            double y = top + height * (range.high() - tick) / range.extent();
            graphics.setColor(Palette.FAINT_INK);
            graphics.setStroke(Palette.stroke(1));
            graphics.drawLine(left + WIDTH, (int) Math.round(y), left + WIDTH + 5, (int) Math.round(y));
            canvas.text(Charts.number(tick), FONT, Palette.INK, left + WIDTH + 9, y + 5);
            widest = Math.max(widest, canvas.width(Charts.number(tick), FONT));
        }
        Font bold = Canvas.font(Font.BOLD, 16);
        AffineTransform upright = graphics.getTransform();
        graphics.rotate(Math.PI / 2, left + WIDTH + 20 + widest, top + height / 2.0);
        canvas.text(unit, bold, Palette.INK, left + WIDTH + 20 + widest - canvas.width(unit, bold) / 2, top + height / 2.0);
        graphics.setTransform(upright);
    }
}
