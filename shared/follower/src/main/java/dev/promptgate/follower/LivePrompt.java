package dev.promptgate.follower;

import dev.promptgate.learning.prompt.Prompt;
import java.util.List;
import java.util.Optional;

/**
 * The prompt in force.
 *
 * @param name the prompt's name, the key of its records
 * @param version 0 is the hand-written prompt
 * @param since when it went live, epoch milliseconds; -1 as long as nothing was ever rolled out
 * @param prompt context, classes and origin; empty for the hand-written prompt
 */
public record LivePrompt(String name, long version, long since, Optional<Prompt> prompt) {
    /** {@link #since} before anything was rolled out. */
    public static final long NEVER = -1;

    /** The hand-written prompt, nothing having been rolled out. */
    public static LivePrompt handWritten(String name) {
        return handWritten(name, NEVER);
    }

    static LivePrompt handWritten(String name, long since) {
        return new LivePrompt(name, 0, since, Optional.empty());
    }

    static LivePrompt of(Prompt prompt, long since) {
        return new LivePrompt(prompt.metadata().prompt(), prompt.version(), since, Optional.of(prompt));
    }

    /** The classes that it was trained on; none for the hand-written prompt. */
    public List<String> classes() {
        return prompt.map(learned -> learned.metadata().classes()).orElse(List.of());
    }
}
