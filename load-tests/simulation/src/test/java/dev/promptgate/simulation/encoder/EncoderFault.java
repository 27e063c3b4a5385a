package dev.promptgate.simulation.encoder;

import static dev.promptgate.simulation.Invariant.NOTHING_LOST;
import static dev.promptgate.simulation.Invariant.NOTHING_TWICE;

import dev.promptgate.simulation.Invariant;

/** A mistake at one seam between an encoder and its world, with the invariant that gives it away. */
enum EncoderFault {
    NONE(null),
    TAKES_ABORTED_FOR_COMMITTED(NOTHING_LOST),
    DOES_NOT_READ_AGAIN(NOTHING_LOST),
    KEEPS_WHAT_IS_ANOTHERS(NOTHING_TWICE),
    NAMES_THE_GENERATION_OF_THE_COMMIT(NOTHING_TWICE),
    READS_OFFSETS_THAT_ARE_NOT_STABLE(NOTHING_TWICE);

    final Invariant invariant;

    EncoderFault(Invariant invariant) {
        this.invariant = invariant;
    }

    boolean takesAbortedForCommitted() {
        return this == TAKES_ABORTED_FOR_COMMITTED;
    }

    boolean readsAgain() {
        return this != DOES_NOT_READ_AGAIN;
    }

    /** Whether it is told of the partitions that were taken away. */
    boolean isToldOfRevoked() {
        return this != KEEPS_WHAT_IS_ANOTHERS;
    }

    boolean namesGenerationOfItsTime() {
        return this != NAMES_THE_GENERATION_OF_THE_COMMIT;
    }

    boolean waitsForTransactions() {
        return this != READS_OFFSETS_THAT_ARE_NOT_STABLE;
    }
}
