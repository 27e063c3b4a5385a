package dev.promptgate.learning.prompt;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import java.util.List;
import java.util.Map;

/** A prompt and where it comes from: the value of a candidate and of a rollout. */
public record Prompt(Context context, PromptMetadata metadata) {
    /** The hand-written prompt: version 0, trained on no class. It stands in no topic: there, a record without a value means it. */
    public static Prompt handWritten(String name, Context context) {
        PromptMetadata.Origin nothing = new PromptMetadata.Origin(List.of(), "", Map.of(), Map.of(), Map.of());
        return new Prompt(context, new PromptMetadata(name, 0, 0, "", 0, nothing, Map.of()));
    }

    /**
     * The L2-normalised text features [classes][dim] of classes, trained on or not, by this prompt: their descriptions stand in their
     * names' places. Runs the text tower.
     *
     * @throws IllegalArgumentException naming the text, if one makes no prompt
     */
    public float[][] features(PromptEncoder encoder, List<String> classes) {
        return encoder.features(context, encoder.prompts(metadata.descriptions().texts(classes), context.tokens()));
    }

    public boolean isHandWritten() {
        return version() == 0;
    }

    public long version() {
        return metadata.version();
    }
}
