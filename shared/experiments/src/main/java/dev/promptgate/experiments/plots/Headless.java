package dev.promptgate.experiments.plots;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/**
 * Drawing without a display. AWT decides once, when its first class is loaded, whether there is one: with a stale DISPLAY it would try to
 * reach it, and fail. So every class here that holds a colour or a font asks for this first.
 */
final class Headless {
    private static final String PROPERTY = "java.awt.headless";

    private Headless() {}

    /** Makes AWT headless, unless the user has said otherwise. */
    static void ensure() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "true");
        }
    }

    /** @throws IllegalStateException if Java finds no font to write with, as in a bare container */
    static void requireFonts() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("x", new FontRenderContext(null, true, true));
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "Plots need fonts, and Java finds none; install fontconfig and a font, e.g. DejaVu, or leave the plots out", e);
        }
    }
}
