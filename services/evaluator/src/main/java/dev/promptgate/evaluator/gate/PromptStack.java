package dev.promptgate.evaluator.gate;

import dev.promptgate.learning.prompt.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * The prompt that classifiers use now, and those that it stands on: each replaced the one below it, the hand-written prompt is at the
 * bottom. A rollback takes the top off. Not thread-safe.
 */
public final class PromptStack {
    /** A prompt and the best one as things stood when it was rolled out. */
    private record Level(Prompt prompt, Prompt best) {}

    public record LevelState(long version, long best) {}

    /** How far one can go back step by step; any version that was live can be named, though. */
    private static final int MAX_LEVELS = 32;

    private final List<Level> levels = new ArrayList<>();

    public PromptStack(Prompt handWritten) {
        levels.add(new Level(handWritten, handWritten));
    }

    public Prompt live() {
        return top().prompt();
    }

    /** The prompt that the live one replaced: the last good one. The hand-written one replaced none but itself. */
    public Prompt lastGood() {
        return levels.get(Math.max(0, levels.size() - 2)).prompt();
    }

    /** The best prompt that was rolled out so far, the live one included. */
    public Prompt best() {
        return top().best();
    }

    public Prompt handWritten() {
        return levels.get(0).prompt();
    }

    private Level top() {
        return levels.get(levels.size() - 1);
    }

    /** @param isBest whether it was at least as good as the best one so far */
    void rollOut(Prompt prompt, boolean isBest) {
        push(prompt, isBest ? prompt : best());
    }

    public void push(Prompt prompt, Prompt best) {
        levels.add(new Level(prompt, best));
        if (levels.size() > MAX_LEVELS) {
            levels.remove(1);
        }
    }

    /** Makes an earlier prompt live: what stands on it goes, and if it is not among the levels, it comes on top. */
    void rollBackTo(Prompt prompt) {
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
    List<LevelState> state() {
        return levels.stream().skip(1).map(level -> new LevelState(level.prompt().version(), level.best().version())).toList();
    }
}
