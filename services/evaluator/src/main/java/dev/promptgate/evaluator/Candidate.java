package dev.promptgate.evaluator;

import dev.promptgate.learning.snapshot.PromptSnapshot;
import java.util.Map;

/** A candidate that waits for its verdict. Not thread-safe. */
final class Candidate {
    private final PromptSnapshot snapshot;
    private final long offset;
    private final long arrivedNanos = System.nanoTime();
    private Map<Integer, Long> horizon;
    private boolean inconclusive;

    Candidate(PromptSnapshot snapshot, long offset) {
        this.snapshot = snapshot;
        this.offset = offset;
        horizon = snapshot.metadata().featureOffsets();
    }

    PromptSnapshot snapshot() {
        return snapshot;
    }

    /** Its place in prompt-candidates. */
    long offset() {
        return offset;
    }

    /** Images before these offsets judge it. */
    Map<Integer, Long> horizon() {
        return horizon;
    }

    boolean isInconclusive() {
        return inconclusive;
    }

    void foundInconclusive() {
        inconclusive = true;
    }

    void extendTo(Map<Integer, Long> newHorizon) {
        horizon = newHorizon;
    }

    long ageNanos() {
        return System.nanoTime() - arrivedNanos;
    }
}
