package dev.promptgate.history.invariant;

import java.util.List;

/**
 * How an invariant came out.
 *
 * @param checked how many records it was checked on
 * @param violations how many broke it
 * @param examples the first of these, a line each, which names the records
 */
public record Finding(String invariant, long checked, long violations, List<String> examples) {
    public Finding {
        examples = List.copyOf(examples);
    }

    public boolean holds() {
        return violations == 0;
    }

    @Override
    public String toString() {
        return holds() ? "%-28s holds     %d checked".formatted(invariant, checked)
                : "%-28s BROKEN    %d of %d: %s".formatted(invariant, violations, checked, String.join("; ", examples));
    }
}
