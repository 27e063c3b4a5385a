package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import java.util.List;
import java.util.Optional;

/**
 * A prompt that is or was live.
 *
 * @param version 0 is the hand-written one
 * @param classes trained on; none for the hand-written one
 * @param snapshot empty for the hand-written one
 */
public record KnownPrompt(long version, Context context, List<String> classes, Optional<Prompt> snapshot) {
    public static KnownPrompt handWritten(Context context) {
        return new KnownPrompt(0, context, List.of(), Optional.empty());
    }

    public static KnownPrompt of(Prompt snapshot) {
        return new KnownPrompt(snapshot.metadata().version(), snapshot.context(), snapshot.metadata().classes(), Optional.of(snapshot));
    }

    /** Whether it was trained on the class. */
    public boolean isTrainedOn(String className) {
        return classes.contains(className);
    }
}
