package dev.promptgate.history.invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts what an invariant was checked on and what broke it, and keeps the first of these. Not thread-safe. */
public final class Violations {
    private static final int MOST_EXAMPLES = 10;

    private final String invariant;
    private final List<String> examples = new ArrayList<>();
    private long checked;
    private long violations;

    public Violations(String invariant) {
        this.invariant = invariant;
    }

    public void checked() {
        checked++;
    }

    /** @param format one line that names the records */
    public void add(String format, Object... records) {
        violations++;
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(String.format(Locale.ROOT, format, records));
        }
    }

    public Finding finding() {
        return new Finding(invariant, checked, violations, examples);
    }
}
