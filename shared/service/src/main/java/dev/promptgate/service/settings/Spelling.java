package dev.promptgate.service.settings;

import org.apache.commons.text.similarity.LevenshteinDistance;

/** Which name was probably meant. */
final class Spelling {
    private Spelling() {}

    /** The known name with the fewest edits. */
    static String nearest(String name, Iterable<String> known) {
        String best = "";
        int smallest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = LevenshteinDistance.getDefaultInstance().apply(name, candidate);
            if (distance < smallest) {
                smallest = distance;
                best = candidate;
            }
        }
        return best;
    }
}
