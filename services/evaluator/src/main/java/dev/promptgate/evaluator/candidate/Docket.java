package dev.promptgate.evaluator.candidate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Candidates without a final verdict: a queue, oldest first, and one that passed while nothing could go out. Not thread-safe. */
public final class Docket {
    private final Deque<Candidate> waiting;
    private final Duration deadline;
    private Optional<Candidate> held;

    /** @param deadline how long after its arrival a candidate that was judged may stay unclear */
    public Docket(Duration deadline, Collection<Candidate> unsettled, Optional<Candidate> held) {
        this.deadline = deadline;
        waiting = new ArrayDeque<>(unsettled);
        this.held = held;
    }

    public void add(Candidate candidate) {
        waiting.add(candidate);
    }

    /** Puts a candidate that was judged and stays unclear at the head of the queue. */
    public void keepFirst(Candidate candidate) {
        remove(candidate);
        waiting.addFirst(candidate);
    }

    /** Keeps a candidate that may not go out yet, instead of the one kept so far. */
    public void hold(Candidate candidate) {
        remove(candidate);
        held = Optional.of(candidate);
    }

    /** It is not as late as was thought: none has arrived after this time. */
    public void setBackTo(long time) {
        List<Candidate> arrived = waiting.stream().map(candidate -> candidate.arrivedBy(time)).toList();
        waiting.clear();
        waiting.addAll(arrived);
        held = held.map(candidate -> candidate.arrivedBy(time));
    }

    /** Takes a candidate out, wherever it is. */
    public void remove(Candidate candidate) {
        waiting.removeIf(other -> other.offset() == candidate.offset());
        held = held.filter(other -> other.offset() != candidate.offset());
    }

    public Optional<Candidate> first() {
        return Optional.ofNullable(waiting.peek());
    }

    /** Whether a newer candidate waits behind the oldest. */
    public boolean isFirstSuperseded() {
        return waiting.size() > 1;
    }

    /** The one that passed and may not go out yet. */
    public Optional<Candidate> held() {
        return held;
    }

    /** The oldest that was judged and waits for more images. */
    public Optional<Candidate> firstUnclear() {
        return waiting.stream().filter(Candidate::isJudged).findFirst();
    }

    /** The oldest that was never judged. */
    public Optional<Candidate> firstUnjudged() {
        return waiting.stream().filter(candidate -> !candidate.isJudged()).findFirst();
    }

    /** When the oldest unclear one is due, epoch milliseconds; {@code Long.MAX_VALUE} if none will be. */
    public long firstDue() {
        return firstUnclear().map(candidate -> candidate.arrivedAt() + deadline.toMillis()).orElse(Long.MAX_VALUE);
    }

    /** The smallest horizon in the queue, {@code Long.MAX_VALUE} if it is empty: the oldest images that are still needed as they stood. */
    public long firstHorizon() {
        return waiting.stream().mapToLong(Candidate::horizon).min().orElse(Long.MAX_VALUE);
    }

    public int unjudged() {
        return (int) waiting.stream().filter(candidate -> !candidate.isJudged()).count();
    }

    /** How many were judged and wait for more images. */
    public int unclear() {
        return waiting.size() - unjudged();
    }

    /** Where those stand that were judged. */
    public List<Candidate.State> unsettled() {
        return Stream.concat(waiting.stream().filter(Candidate::isJudged).map(candidate -> candidate.state(false)),
                held.stream().map(candidate -> candidate.state(true))).toList();
    }
}
