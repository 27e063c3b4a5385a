package dev.promptgate.history.prompt;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.prompt.Leap;
import dev.promptgate.learning.prompt.Prompt;

/** Each candidate's version is above that of the one before it, so that a version names one prompt. */
public final class VersionsGrow implements Invariant {
    private final Violations violations = new Violations("versions-grow");
    private long last;

    @Override
    public void candidate(Place place, Prompt candidate) {
        violations.checked();
        if (Leap.isAt(candidate.version(), place.offset())) {
            violations.add("%s has version %d, which leaps", place, candidate.version());
            return; // nobody counts on from it
        }
        if (candidate.version() <= last) {
            violations.add("%s has version %d behind %d", place, candidate.version(), last);
        }
        last = Math.max(last, candidate.version());
    }

    @Override
    public Finding finish() {
        return violations.finding();
    }
}
