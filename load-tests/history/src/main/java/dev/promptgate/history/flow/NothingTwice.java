package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Violations;
import java.util.HashMap;
import java.util.Map;

/**
 * No record of labelled-images led to two answers. A feature that comes again from the same image under another label was relabelled, which
 * is no second answer.
 */
public final class NothingTwice implements Invariant {
    private final SourcePositions answered = new SourcePositions();
    /** Of each id, which also tells relabelled copies from answers that are repeated. */
    private final Map<String, Outcome> lastOfId = new HashMap<>();
    private final Violations violations = new Violations("nothing-twice");

    @Override
    public void outcome(Outcome outcome) {
        violations.checked();
        Outcome before = outcome.kind() == Outcome.Kind.REJECTION ? null : lastOfId.put(outcome.imageId(), outcome);
        if (!answered.add(outcome.source()) && !isRelabelled(before, outcome)) {
            violations.add("%s is a second answer", outcome);
        }
    }

    private static boolean isRelabelled(Outcome before, Outcome outcome) {
        return before != null && before.kind() == Outcome.Kind.FEATURE && outcome.kind() == Outcome.Kind.FEATURE
                && before.source().equals(outcome.source()) && !before.label().equals(outcome.label());
    }

    @Override
    public Finding finish() {
        return violations.finding();
    }
}
