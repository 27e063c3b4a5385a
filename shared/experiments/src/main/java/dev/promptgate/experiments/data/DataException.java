package dev.promptgate.experiments.data;

import java.util.Collection;
import java.util.stream.Collectors;

/** Images, a list of images or cached features that cannot be used; the message is one line: what is wrong, where, and what to do. */
public final class DataException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Names in a message: how many there are, and the first of them, as {@code 12: a, b, c, d, e …}; line breaks within names replaced. */
    public static String counted(Collection<String> names) {
        String first = names.stream().limit(SHOWN).map(name -> name.replaceAll("\\s+", " ")).collect(Collectors.joining(", "));
        return names.size() + ": " + first + (names.size() > SHOWN ? " …" : "");
    }
}
