package dev.promptgate.evaluator;

import dev.promptgate.clip.Context;
import java.util.HashSet;
import java.util.Set;

/** The prompt that classifiers use now, and which classes any rollout contained so far. Not thread-safe. */
final class LivePrompt {
    private final Context handWritten;
    private final Set<String> rolledOutClasses = new HashSet<>();
    private Context context;
    private long version;

    LivePrompt(Context handWritten) {
        this.handWritten = handWritten;
        context = handWritten;
    }

    Context handWritten() {
        return handWritten;
    }

    Context context() {
        return context;
    }

    /** 0 is the hand-written prompt. */
    long version() {
        return version;
    }

    /** Takes up a rollout. */
    void rollOut(Context newContext, long newVersion, Iterable<String> classes) {
        context = newContext;
        version = newVersion;
        classes.forEach(rolledOutClasses::add);
    }

    /** Back to the hand-written prompt. */
    void reset() {
        context = handWritten;
        version = 0;
    }

    /** Whether a rollout already contained the class. */
    boolean contained(String className) {
        return rolledOutClasses.contains(className);
    }
}
