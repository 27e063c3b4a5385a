package dev.promptgate.clip.weights.stored;

import java.io.IOException;

/** A file of weights that is not damaged, but is not read as it is: one line of why, about "it", and of what to do. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 120;

    /** A refusal whose message says it all. */
    public RefusedException(String message) {
        super(message);
    }

    /** A text of the file as it can stand in a line: the beginning of it, what is no letter, digit or sign of ASCII as a question mark. */
    public static String shown(Object text) {
        String shown = String.valueOf(text);
        return shown.substring(0, Math.min(SHOWN, shown.length())).replaceAll("[^ -~]", "?");
    }
}
