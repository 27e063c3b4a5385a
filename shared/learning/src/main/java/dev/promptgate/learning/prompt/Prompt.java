package dev.promptgate.learning.prompt;

import dev.promptgate.clip.Context;
import java.util.List;
import java.util.Map;

/** A prompt and where it comes from: the value of a candidate and of a rollout. */
public record Prompt(Context context, PromptMetadata metadata) {
    /** The hand-written prompt: version 0, trained on no class. It stands in no topic: there, a record without a value means it. */
    public static Prompt handWritten(String name, Context context) {
        return new Prompt(context,
                new PromptMetadata(name, 0, 0, "", List.of(), "", 0, Map.of(), Map.of(), Map.of(), Map.of()));
    }

    public boolean isHandWritten() {
        return version() == 0;
    }

    /** 0 for the hand-written one. */
    public long version() {
        return metadata.version();
    }
}
