package dev.promptgate.history.replay;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Tells where what stands in a record differs from what was recomputed, by the first figure that does. */
final class Differences {
    private static final int MOST_CHARACTERS = 300;

    private Differences() {}

    /** Both have the same keys, in the order of their weight. */
    static Optional<String> first(Map<String, Object> recorded, Map<String, Object> recomputed) {
        return recorded.keySet().stream().filter(key -> !Objects.equals(recorded.get(key), recomputed.get(key))).findFirst()
                .map(key -> "%s is %s, recomputed %s".formatted(key, text(recorded.get(key)), text(recomputed.get(key))));
    }

    private static String text(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
