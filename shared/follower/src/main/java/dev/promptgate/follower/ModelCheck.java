package dev.promptgate.follower;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.Quoted;
import java.util.HashSet;
import java.util.List;

/**
 * A prompt that this CLIP, which outlives the check, can compute with: its own, with so many tokens of context as the settings say, with
 * class names or descriptions that make prompts. Thread-safe.
 */
public record ModelCheck(String name, PromptModel model, int contextTokens) implements PromptCheck {
    @Override
    public void check(Prompt prompt) throws RefusedPromptException {
        PromptCheck.of(name, model.fingerprint()).check(prompt);
        Context context = prompt.context();
        if (context.width() != model.textWidth() || context.tokens() != contextTokens) {
            throw new RefusedPromptException(Refusal.WRONG_SHAPE, "Its context does not fit [found: %d × %d, needed: %d × %d]"
                    .formatted(context.tokens(), context.width(), contextTokens, model.textWidth()));
        }
        List<String> classes = prompt.metadata().classes();
        if (classes.isEmpty() || new HashSet<>(classes).size() < classes.size()) {
            throw new RefusedPromptException(Refusal.BAD_CLASSES, classes.isEmpty() ? "It names no class" : "It names a class twice");
        }
        try {
            Descriptions descriptions = prompt.metadata().descriptions();
            model.textEncoder().prompts(descriptions.texts(classes), contextTokens);
            model.textEncoder().prompts(List.copyOf(descriptions.byClass().values()), contextTokens); // of classes not trained on, too
        } catch (IllegalArgumentException e) {
            throw new RefusedPromptException(Refusal.BAD_CLASSES, Quoted.of(e.getMessage()));
        }
    }
}
