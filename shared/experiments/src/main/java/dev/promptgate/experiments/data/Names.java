package dev.promptgate.experiments.data;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in a message: how many there are, and the first of them. */
public final class Names {
    private static final int SHOWN = 5;

    private Names() {}

    /** As {@code 12: a, b, c, d, e …}, line breaks within names replaced. */
    public static String counted(Collection<String> names) {
        String first = names.stream().limit(SHOWN).map(name -> name.replaceAll("\\s+", " ")).collect(Collectors.joining(", "));
        return names.size() + ": " + first + (names.size() > SHOWN ? " …" : "");
    }
}
