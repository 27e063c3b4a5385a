package dev.promptgate.learning.prompt;

/**
 * Tells a number that was counted up to from one that leaps. Versions and updates count by one a record at most, so none is far above the
 * offset at which it stands, or at which its learner was. One that is would use the numbers up: what follows must be above it, and they end
 * at 2^53. The rule takes a record alone, so whoever reads it says the same, wherever he began and whatever is gone by then. What is let
 * through leaves no dead end: offsets rise as fast as whoever counts on from it.
 */
public final class Leap {
    /** A number may be so far ahead: those of a topic that was copied, say, whose offsets began anew. */
    public static final long MOST_AHEAD = 1_000_000;

    private Leap() {}

    /** Whether a number, from 0 on, cannot have been counted up to at an offset. */
    public static boolean isAt(long number, long offset) {
        return number - MOST_AHEAD > offset;
    }

    /** What is wrong with a candidate at an offset of prompt-candidates whose version is such a number; one line. */
    public static String ofVersion(long version, long offset) {
        return ("Its version leaps: it is more than %d above its offset, which no learner comes to that counts by one; was the topic "
                + "made anew, or who wrote it? [version: %d, offset: %d]").formatted(MOST_AHEAD, version, offset);
    }
}
