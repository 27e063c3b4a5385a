package dev.promptgate.service.settings;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Which name was probably meant. */
final class Spelling {
    private Spelling() {}

    /** The known name with the fewest edits. */
    static String nearest(String name, Collection<String> known) {
        return Collections.min(known, Comparator.comparing(candidate -> LevenshteinDistance.getDefaultInstance().apply(name, candidate)));
    }
}
