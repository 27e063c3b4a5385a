package dev.promptgate.simulation;

import java.util.Locale;
import java.util.Objects;

/** What must hold of each seed, or of all of them together; a failure begins with its name. */
public enum Invariant {
    /** A change of what is live, its embeddings and its report are written together. */
    ONE_TRANSACTION,
    /** Each candidate has one verdict or refusal, or still waits for one. */
    SETTLED_ONCE,
    /** Each command is carried out or refused, once. */
    COMMANDS_ANSWERED_ONCE,
    /** What goes live has passed, is newer than all before it, and comes while nothing holds it back. */
    LIVE_WAS_JUDGED,
    /** Verdicts rest on the images that image-features holds before their horizons. */
    RIGHT_IMAGES,
    /** Whatever befalls the evaluators of a history, they decide the same and write the same. */
    EQUAL_DECISIONS,
    /** Errors of gate and watch are as rare as was promised. */
    ERRORS_AS_PROMISED,
    /** An idle evaluator leaves the heap alone. */
    MEMORY_GIVEN_BACK_ONCE,
    /** Versions, parents and updates are counted without a gap. */
    VERSIONS_WITHOUT_GAP,
    /** An update that has begun is run on the records that it began with, however often. */
    UPDATES_AS_PLANNED,
    /** Candidates rest on the shots, classes and descriptions that image-features holds before their horizons. */
    RIGHT_SHOTS,
    /** Whatever befalls the learners of a history, they learn the same, bit for bit. */
    EQUAL_CANDIDATES,
    /** Every image led to a feature. */
    NOTHING_LOST,
    /** No image led to two. */
    NOTHING_TWICE,
    /** Once nothing befalls the encoders any more, every image is committed soon. */
    COMES_TO_REST;

    /** An invariant does not hold. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        public final transient Invariant invariant;

        BrokenException(Invariant invariant, String what) {
            super(invariant + ": " + what);
            this.invariant = invariant;
        }
    }

    public void require(boolean holds, String what) throws BrokenException {
        if (!holds) {
            throw new BrokenException(this, what);
        }
    }

    public void requireEqual(Object expected, Object found, String what) throws BrokenException {
        require(Objects.equals(expected, found), "%s [expected: %s, found: %s]".formatted(what, expected, found));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
