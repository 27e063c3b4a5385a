package dev.promptgate.experiments.plots;

import java.awt.Color;

/** Colours that run from low to high, evenly to the eye and to colour-blind ones. */
enum ColourScale {
    /** Dark to bright, for fields without text on them (matplotlib's viridis). */
    VIRIDIS(0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725),
    /** White to a blue that black text can be read on. */
    LIGHT_BLUES(0xF7FBFF, 0xE3EEF9, 0xCFE1F2, 0xB5D4E9, 0x93C3DF, 0x6DAED5, 0x5BA3CF);

    static {
        Headless.ensure();
    }

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
}
