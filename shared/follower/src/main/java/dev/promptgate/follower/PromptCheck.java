package dev.promptgate.follower;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.Quoted;

/** What a prompt must be, beside whole and trusted, to be used. Called on the follower's thread. */
@FunctionalInterface
public interface PromptCheck {
    /** @throws RefusedPromptException if it cannot be used */
    void check(Prompt snapshot) throws RefusedPromptException;

    /** It names the prompt that its key names. */
    static PromptCheck named(String prompt) {
        return snapshot -> {
            if (!snapshot.metadata().prompt().equals(prompt)) {
                throw new RefusedPromptException(Refusal.OTHER_PROMPT,
                        "It names another prompt than its key [theirs: %s, key: %s]".formatted(Quoted.of(snapshot.metadata().prompt()),
                                prompt));
            }
        };
    }

    /**
     * It is named so, and was learned with this CLIP.
     *
     * @param fingerprint as {@code ClipModel.fingerprint()} has it
     */
    static PromptCheck of(String prompt, String fingerprint) {
        return snapshot -> {
            named(prompt).check(snapshot);
            String theirs = snapshot.metadata().modelFingerprint();
            if (!theirs.equals(fingerprint)) {
                throw new RefusedPromptException(Refusal.OTHER_MODEL,
                        "It belongs to another model; run all services with the same --model [theirs: %s, ours: %s]"
                                .formatted(Quoted.of(theirs), fingerprint));
            }
        };
    }
}
