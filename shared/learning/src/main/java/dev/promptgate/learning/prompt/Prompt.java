package dev.promptgate.learning.prompt;

import dev.promptgate.clip.text.Context;
import java.util.List;
import java.util.Map;

/** A prompt and where it comes from: the value of a candidate and of a rollout. */
public record Prompt(Context context, PromptMetadata metadata) {
    /** The hand-written prompt: version 0, trained on no class. It stands in no topic: there, a record without a value means it. */
    public static Prompt handWritten(String name, Context context) {
        PromptMetadata.Origin nothing = new PromptMetadata.Origin(List.of(), "", Map.of(), Map.of(), Map.of());
        return new Prompt(context, new PromptMetadata(name, 0, 0, "", 0, nothing, Map.of()));
    }

    public boolean isHandWritten() {
        return version() == 0;
    }

    public long version() {
        return metadata.version();
    }
}
