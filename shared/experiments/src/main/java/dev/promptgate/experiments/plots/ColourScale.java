package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;

/** Colours that run from low to high, evenly to the eye and to colour-blind ones. */
enum ColourScale {
    /** Dark to bright, for fields without text on them (matplotlib's viridis). */
    VIRIDIS(0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725),
    /** White to a blue that black text can be read on. */
    LIGHT_BLUES(0xF7FBFF, 0xE3EEF9, 0xCFE1F2, 0xB5D4E9, 0x93C3DF, 0x6DAED5, 0x5BA3CF);

    static {
        Headless.ensure();
    }

    private static final int BAR_WIDTH = 22;
    private static final Font BAR_FONT = Canvas.font(Font.PLAIN, 15);

    private final int[] anchors;

    ColourScale(int... anchors) {
        this.anchors = anchors;
    }

    /** At a fraction of the scale; what lies beyond an end has that end's colour. */
    int rgb(double fraction) {
        double place = Math.min(1, Math.max(0, fraction)) * (anchors.length - 1);
        int below = Math.min((int) place, anchors.length - 2);
        double share = place - below;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double mixed = (anchors[below] >> shift & 0xFF) * (1 - share) + (anchors[below + 1] >> shift & 0xFF) * share;
            rgb |= (int) Math.round(mixed) << shift;
        }
        return rgb;
    }

    Color[] colours() {
        Color[] colours = new Color[anchors.length];
        for (int i = 0; i < anchors.length; i++) {
            colours[i] = new Color(anchors[i]);
        }
        return colours;
    }

    /** Draws its legend, with the lowest value at the bottom, numbers to the right of it and the unit along them. */
    void drawBar(Canvas canvas, Range range, String unit, int left, int top, int height) {
        Graphics2D graphics = canvas.graphics();
        for (int i = 0; i < height; i++) {
            graphics.setColor(new Color(rgb(1 - (i + 0.5) / height)));
            graphics.fillRect(left, top + i, BAR_WIDTH, 1);
        }
        graphics.setColor(Palette.FAINT_INK);
        graphics.setStroke(Palette.stroke(1));
        graphics.drawRect(left, top, BAR_WIDTH, height);
        double widest = 0;
        for (double tick : range.ticks(7)) {
            double y = top + height * (range.high() - tick) / range.extent();
            graphics.setColor(Palette.FAINT_INK);
            graphics.setStroke(Palette.stroke(1));
            graphics.drawLine(left + BAR_WIDTH, (int) Math.round(y), left + BAR_WIDTH + 5, (int) Math.round(y));
            canvas.text(PlotCharts.number(tick), BAR_FONT, Palette.INK, left + BAR_WIDTH + 9, y + 5);
            widest = Math.max(widest, canvas.width(PlotCharts.number(tick), BAR_FONT));
        }
        Font bold = Canvas.font(Font.BOLD, 16);
        AffineTransform upright = graphics.getTransform();
        graphics.rotate(Math.PI / 2, left + BAR_WIDTH + 20 + widest, top + height / 2.0);
        canvas.text(unit, bold, Palette.INK, left + BAR_WIDTH + 20 + widest - canvas.width(unit, bold) / 2, top + height / 2.0);
        graphics.setTransform(upright);
    }
}
