package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learner.update.Checkpoint;
import dev.promptgate.learning.prompt.Prompt;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a transaction holds is all there or not at all: no answer of an encoder without the offset behind its image, no candidate without
 * the learner's checkpoint. The reverse, an offset without its answer, is a record that is lost.
 */
public final class NoTornTransaction implements Invariant {
    private final Supplier<Optional<Checkpoint>> checkpoint;
    /** Per partition: it alone tells whether there is any. */
    private final Map<Integer, Outcome> farthest = new TreeMap<>();
    private final Violations violations = new Violations("no-torn-transaction");
    private Optional<Place> place = Optional.empty();
    private Optional<Prompt> last = Optional.empty();

    /** @param checkpoint reads what the learner's group has committed now */
    public NoTornTransaction(Supplier<Optional<Checkpoint>> checkpoint) {
        this.checkpoint = checkpoint;
    }

    @Override
    public void outcome(Outcome outcome) {
        violations.checked();
        farthest.merge(outcome.source().partition(), outcome, (a, b) -> a.source().offset() < b.source().offset() ? b : a);
    }

    @Override
    public void outcomesEnd(CommittedOffsets committed) {
        farthest.values().stream().filter(outcome -> committed.knows(outcome.source().partition()))
                .filter(outcome -> !committed.covers(outcome.source()))
                .forEach(outcome -> violations.add("%s is committed, but not the offset behind its image", outcome));
    }

    @Override
    public void candidate(Place where, Prompt candidate) {
        violations.checked();
        place = Optional.of(where);
        last = Optional.of(candidate);
    }

    @Override
    public Finding finish() {
        last.ifPresent(candidate -> checkpoint.get().filter(found -> found.model().equals(candidate.metadata().modelFingerprint()))
                .filter(found -> !found.isBehind(candidate))
                .ifPresent(found -> violations.add("%s (version %d) is committed, but not the learner's checkpoint [update: %d, done: %s]",
                        place.orElseThrow(), candidate.version(), found.update(), found.isDone())));
        return violations.finding();
    }
}
