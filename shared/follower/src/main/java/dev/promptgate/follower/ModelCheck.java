package dev.promptgate.follower;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.Quoted;

/** A prompt that this CLIP can compute with: its own, of the right shape, with class names that make prompts. Thread-safe. */
public final class ModelCheck implements PromptCheck {
    private final ClipModel model;
    private final int contextTokens;
    private final PromptCheck origin;

    /**
     * @param model outlives this
     * @param contextTokens N, as the settings say
     */
    public ModelCheck(String prompt, ClipModel model, int contextTokens) {
        this.model = model;
        this.contextTokens = contextTokens;
        origin = PromptCheck.of(prompt, model.fingerprint());
    }

    @Override
    public void check(Prompt snapshot) throws RefusedPromptException {
        origin.check(snapshot);
        Context context = snapshot.context();
        if (context.width() != model.textWidth() || context.tokens() != contextTokens) {
            throw new RefusedPromptException(Refusal.WRONG_SHAPE, "Its context does not fit [found: %d × %d, needed: %d × %d]"
                    .formatted(context.tokens(), context.width(), contextTokens, model.textWidth()));
        }
        if (snapshot.metadata().classes().isEmpty()) {
            throw new RefusedPromptException(Refusal.BAD_CLASSES, "It names no class");
        }
        try {
            model.textEncoder().prompts(snapshot.metadata().classes(), contextTokens);
        } catch (IllegalArgumentException e) {
            throw new RefusedPromptException(Refusal.BAD_CLASSES, Quoted.of(e.getMessage()));
        }
    }
}
