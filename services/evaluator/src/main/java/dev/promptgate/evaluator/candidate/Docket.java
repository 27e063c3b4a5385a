package dev.promptgate.evaluator.candidate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Candidates without a final verdict: a queue, oldest first, and one that passed while nothing could go out. Not thread-safe. */
public final class Docket {
    private final Deque<Candidate> waiting = new ArrayDeque<>();
    private final Duration deadline;
    private Candidate held;

    /** @param deadline how long after its arrival a candidate that was looked at may stay unclear */
    public Docket(Duration deadline) {
        this.deadline = deadline;
    }

    public void resume(Collection<Candidate> unsettled, Optional<Candidate> passed) {
        waiting.addAll(unsettled);
        held = passed.orElse(null);
    }

    public void add(Candidate candidate) {
        waiting.add(candidate);
    }

    public Optional<Candidate> first() {
        return Optional.ofNullable(waiting.peek());
    }

    /** Whether a newer candidate waits behind the oldest. */
    public boolean isFirstSuperseded() {
        return waiting.size() > 1;
    }

    public void remove(Candidate candidate) {
        waiting.remove(candidate);
    }

    /** Keeps one that may not go out yet; the one kept so far, which it takes the place of. */
    public Optional<Candidate> hold(Candidate candidate) {
        Optional<Candidate> older = Optional.ofNullable(held);
        held = candidate;
        return older;
    }

    public boolean isHolding() {
        return held != null;
    }

    /** Moves the one that is kept to the head of the queue, where all images before a horizon judge it. */
    public Candidate release(long horizon) {
        Candidate candidate = held;
        held = null;
        candidate.extendTo(horizon);
        waiting.addFirst(candidate);
        return candidate;
    }

    /** When the first of those in the queue is due, epoch milliseconds; {@code Long.MAX_VALUE} if none will be. */
    public long firstDue() {
        return waiting.stream().filter(Candidate::isLookedAt).mapToLong(this::due).min().orElse(Long.MAX_VALUE);
    }

    /** Those in the queue that are due by a time, oldest first. */
    public List<Candidate> dueBy(long time) {
        return waiting.stream().filter(candidate -> candidate.isLookedAt() && due(candidate) <= time).toList();
    }

    /** The deadline of a candidate, epoch milliseconds. */
    public long due(Candidate candidate) {
        return candidate.arrivedAt() + deadline.toMillis();
    }

    /** The oldest images that are still needed as they stood: the smallest horizon in the queue, or the given one if it is empty. */
    public long firstHorizon(long otherwise) {
        return waiting.stream().mapToLong(Candidate::horizon).min().orElse(otherwise);
    }

    /** The oldest that was never looked at. */
    public Optional<Candidate> firstUnjudged() {
        return waiting.stream().filter(candidate -> !candidate.isLookedAt()).findFirst();
    }

    /** How many were never looked at. */
    public int unjudged() {
        return (int) waiting.stream().filter(candidate -> !candidate.isLookedAt()).count();
    }

    /** How many were looked at and wait for more images. */
    public int inconclusive() {
        return waiting.size() - unjudged();
    }

    /** When the oldest of these was written, epoch milliseconds; empty if there is none. */
    public OptionalLong inconclusiveSince() {
        return waiting.stream().filter(Candidate::isLookedAt).mapToLong(Candidate::arrivedAt).min();
    }

    /** Where those stand that were looked at. */
    public List<Candidate.State> unsettled() {
        return Stream.concat(waiting.stream().filter(Candidate::isLookedAt).map(candidate -> candidate.state(false)),
                Stream.ofNullable(held).map(candidate -> candidate.state(true))).toList();
    }
}
