package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Violations;
import java.util.HashMap;
import java.util.Map;

/**
 * Features and erasures of an id stand in image-features in the order of the labelled images that they come from: the last one is that of
 * the last image. It is so within a partition of labelled-images, which all records of a key share.
 */
public final class OrderPerKey implements Invariant {
    private final Map<String, Outcome> lastOfId = new HashMap<>();
    private final Violations violations = new Violations("order-per-key");

    @Override
    public void outcome(Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.REJECTION) {
            return; // nobody reads these in an order
        }
        violations.checked();
        Outcome before = lastOfId.put(outcome.imageId(), outcome);
        if (before != null && before.source().partition() == outcome.source().partition()
                && before.source().offset() > outcome.source().offset()) {
            violations.add("%s stands behind %s", outcome, before);
        }
    }

    @Override
    public Finding finish() {
        return violations.finding();
    }
}
