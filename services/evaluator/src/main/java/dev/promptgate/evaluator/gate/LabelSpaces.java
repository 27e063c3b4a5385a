package dev.promptgate.evaluator.gate;

import dev.promptgate.learning.prompt.Prompt;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The classes that an image which arrives is told from: the seen ones, which the live prompt was trained on, or the others that are known.
 *
 * @param known all classes with images
 */
record LabelSpaces(Set<String> known, Prompt live, Set<String> seen, Set<String> unseen) {
    static LabelSpaces of(Set<String> known, Prompt live) {
        Set<String> seen = new HashSet<>(live.metadata().classes());
        Set<String> unseen = new HashSet<>(known);
        unseen.removeIf(seen::contains);
        return new LabelSpaces(known, live, Collections.unmodifiableSet(seen), Collections.unmodifiableSet(unseen));
    }

    /** Whether these are still theirs; by identity, as neither set nor prompt changes. */
    boolean isOf(Set<String> nowKnown, Prompt nowLive) {
        return known == nowKnown && live == nowLive;
    }

    /** The unseen classes with an image's, unless that is a seen one; the same object for classes that are known. */
    Set<String> unseenWith(String label) {
        if (seen.contains(label) || unseen.contains(label)) {
            return unseen;
        }
        Set<String> more = new HashSet<>(unseen);
        more.add(label);
        return Collections.unmodifiableSet(more);
    }
}
