package dev.promptgate.evaluator.candidate;

import dev.promptgate.learning.prompt.Prompt;

/** A candidate on its way to a verdict. Not thread-safe. */
public final class Candidate {
    /**
     * Where a candidate stands that has been looked at.
     *
     * @param offset in prompt-candidates
     * @param horizon offset in image-features: images before it judged it last
     * @param tests how often it was tested: looks at too few images do not count
     * @param nextLookAt it is looked at again once so many judging images have arrived
     * @param isHeld whether it passed but may not go out yet
     */
    public record State(long offset, long horizon, int tests, long nextLookAt, boolean isHeld) {}

    private final Prompt snapshot;
    private final long offset;
    private final long arrivedAt;
    private long horizon;
    private int tests;
    private long nextLookAt;
    private boolean lookedAt;

    /**
     * @param offset in prompt-candidates
     * @param arrivedAt when it was written there, epoch milliseconds
     */
    public Candidate(Prompt snapshot, long offset, long arrivedAt) {
        this.snapshot = snapshot;
        this.offset = offset;
        this.arrivedAt = arrivedAt;
        horizon = snapshot.metadata().featureOffsets().getOrDefault(0, 0L);
    }

    public Candidate(Prompt snapshot, State state, long arrivedAt) {
        this(snapshot, state.offset(), arrivedAt);
        horizon = state.horizon();
        tests = state.tests();
        nextLookAt = state.nextLookAt();
        lookedAt = true;
    }

    public Prompt snapshot() {
        return snapshot;
    }

    public long version() {
        return snapshot.metadata().version();
    }

    /** Its place in prompt-candidates. */
    public long offset() {
        return offset;
    }

    /** When it was written there, epoch milliseconds. */
    public long arrivedAt() {
        return arrivedAt;
    }

    /** Images before this offset of image-features judge it. */
    public long horizon() {
        return horizon;
    }

    /** Whether it was ever looked at. */
    public boolean isLookedAt() {
        return lookedAt;
    }

    public int tests() {
        return tests;
    }

    /** It is looked at again once so many judging images have arrived. */
    public long nextLookAt() {
        return nextLookAt;
    }

    /** It was looked at, and there were too few images to test anything. */
    public void lookedInVain(long nextLook) {
        lookedAt = true;
        nextLookAt = nextLook;
    }

    public void tested(long nextLook) {
        lookedAt = true;
        nextLookAt = nextLook;
        tests++;
    }

    public void extendTo(long laterHorizon) {
        horizon = Math.max(horizon, laterHorizon);
    }

    public State state(boolean isHeld) {
        return new State(offset, horizon, tests, nextLookAt, isHeld);
    }
}
