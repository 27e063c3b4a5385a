package dev.promptgate.evaluator.candidate;

import dev.promptgate.learning.prompt.Prompt;

/**
 * A candidate on its way to a verdict.
 *
 * @param offset in prompt-candidates
 * @param arrivedAt when it was written there, epoch milliseconds
 * @param horizon offset in image-features: images before it judge the candidate
 * @param tests how often it was tested: looks at too few images do not count
 * @param nextLookAt it is judged again once so many judging images have arrived
 * @param isJudged whether it ever was
 */
public record Candidate(Prompt prompt, long offset, long arrivedAt, long horizon, int tests, long nextLookAt, boolean isJudged) {
    /**
     * What is kept of a candidate that was judged; the rest stands in prompt-candidates. One that is held passed but may not go out yet.
     */
    public record State(long offset, long horizon, int tests, long nextLookAt, boolean isHeld) {}

    public static Candidate arrived(Prompt prompt, long offset, long arrivedAt) {
        return new Candidate(prompt, offset, arrivedAt, horizon(prompt), 0, 0, false);
    }

    /** The offset in image-features behind what it was learned from; the topic has one partition. */
    public static long horizon(Prompt prompt) {
        return prompt.metadata().featureOffsets().getOrDefault(0, 0L);
    }

    public static Candidate resumed(Prompt prompt, State state, long arrivedAt) {
        return new Candidate(prompt, state.offset(), arrivedAt, state.horizon(), state.tests(), state.nextLookAt(), true);
    }

    public long version() {
        return prompt.version();
    }

    /** @param isTested false if there were too few images to test anything */
    public Candidate judged(boolean isTested, long newNextLookAt) {
        return new Candidate(prompt, offset, arrivedAt, horizon, tests + (isTested ? 1 : 0), newNextLookAt, true);
    }

    /** As if it had arrived at a time at the latest. */
    Candidate arrivedBy(long time) {
        return new Candidate(prompt, offset, Math.min(arrivedAt, time), horizon, tests, nextLookAt, isJudged);
    }

    public Candidate extendedTo(long laterHorizon) {
        return new Candidate(prompt, offset, arrivedAt, Math.max(horizon, laterHorizon), tests, nextLookAt, isJudged);
    }

    public State state(boolean isHeld) {
        return new State(offset, horizon, tests, nextLookAt, isHeld);
    }
}
