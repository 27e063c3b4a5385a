package dev.promptgate.evaluator.gatekeeper;

import java.util.ArrayList;
import java.util.List;

/**
 * The prompt that classifiers use now, and those that it stands on: each replaced the one below it, the hand-written prompt is at the
 * bottom. A rollback takes the top off. Not thread-safe.
 */
public final class LivePrompts {
    /** A prompt and the best one as things stood when it was rolled out. */
    private record Level(KnownPrompt prompt, KnownPrompt best) {}

    /** Versions of a level, as it is kept. */
    public record LevelState(long version, long best) {}

    /** How far one can go back step by step; any version that was live can be named, though. */
    private static final int MAX_LEVELS = 32;

    private final List<Level> levels = new ArrayList<>();

    /** Only the hand-written prompt. */
    public LivePrompts(KnownPrompt handWritten) {
        levels.add(new Level(handWritten, handWritten));
    }

    public KnownPrompt current() {
        return top().prompt();
    }

    /** The prompt that the live one replaced: the last good one. The hand-written one replaced none but itself. */
    public KnownPrompt lastGood() {
        return levels.get(Math.max(0, levels.size() - 2)).prompt();
    }

    /** The best prompt that was rolled out so far, the live one included. */
    public KnownPrompt best() {
        return top().best();
    }

    public KnownPrompt handWritten() {
        return levels.get(0).prompt();
    }

    private Level top() {
        return levels.get(levels.size() - 1);
    }

    /** @param isBest whether it was at least as good as the best one so far */
    public void rollOut(KnownPrompt prompt, boolean isBest) {
        push(prompt, isBest ? prompt : best());
    }

    void push(KnownPrompt prompt, KnownPrompt best) {
        levels.add(new Level(prompt, best));
        if (levels.size() > MAX_LEVELS) {
            levels.remove(1);
        }
    }

    /** Makes an earlier prompt live: what stands on it goes, and if it is not among the levels, it comes on top. */
    public void rollBackTo(KnownPrompt prompt) {
        int at = levels.size() - 1;
        while (at >= 0 && levels.get(at).prompt().version() != prompt.version()) {
            at--;
        }
        if (at < 0) {
            push(prompt, best());
        } else {
            levels.subList(at + 1, levels.size()).clear();
        }
    }

    /** From the hand-written prompt up, that one excepted. */
    public List<LevelState> state() {
        return levels.stream().skip(1).map(level -> new LevelState(level.prompt().version(), level.best().version())).toList();
    }
}
