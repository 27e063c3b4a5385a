package dev.promptgate.clip.failure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Everything that is wrong with some values, told at once. */
public final class Violations {
    private static final String BETWEEN = "; ";

    private final Set<String> messages = new LinkedHashSet<>();

    public Violations unless(boolean holds, String message) {
        if (!holds) {
            messages.add(message);
        }
        return this;
    }

    /** A part of the values, from a constructor that refuses wrong ones: what it tells is taken in, and {@code otherwise} stands for it. */
    public <T> T part(Supplier<T> constructor, T otherwise) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            messages.addAll(List.of(e.getMessage().split(BETWEEN))); // parts may have a wrong value in common
            return otherwise;
        }
    }

    /** @throws IllegalArgumentException naming every violation, if there are any */
    public void refuse() {
        if (!messages.isEmpty()) {
            throw new IllegalArgumentException(String.join(BETWEEN, messages));
        }
    }
}
