package dev.promptgate.consoletest;

import com.microsoft.playwright.Locator;

final class Pixels {
    private static final String COLOURED = """
            canvas => {
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
              copy.drawImage(canvas, 0, 0);
              const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
              let coloured = 0;
              for (let i = 0; i < data.length; i += 4) {
                const [r, g, b, a] = data.slice(i, i + 4);
                coloured += a > 127 && Math.max(r, g, b) - Math.min(r, g, b) > 60 ? 1 : 0;
              }
              return coloured;
            }""";

    private Pixels() {}

    /** How many pixels are neither grey nor clear: those of lines, markers and cells, and not of axes and their text. */
    static int coloured(Locator canvas) {
        return ((Number) canvas.evaluate(COLOURED)).intValue();
    }
}
