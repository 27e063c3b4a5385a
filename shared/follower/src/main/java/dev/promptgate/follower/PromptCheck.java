package dev.promptgate.follower;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.Quoted;

/** What a prompt must be, beside whole and trusted, to be used. Called on the follower's thread. */
@FunctionalInterface
public interface PromptCheck {
    /** @throws RefusedPromptException if it cannot be used */
    void check(Prompt prompt) throws RefusedPromptException;

    /** The prompt in a record's value; throws RefusedPromptException if it is no whole prompt, or cannot be used. */
    default Prompt read(byte[] value) throws RefusedPromptException {
        try {
            Prompt prompt = PromptCodec.decode(value == null ? new byte[0] : value);
            check(prompt);
            return prompt;
        } catch (UnreadablePromptException e) {
            throw new RefusedPromptException(Refusal.UNREADABLE, e.getMessage());
        }
    }

    /** It names the prompt that its key names. */
    static PromptCheck named(String name) {
        return prompt -> {
            if (!prompt.metadata().prompt().equals(name)) {
                throw new RefusedPromptException(Refusal.OTHER_PROMPT, "It names another prompt than its key [theirs: %s, key: %s]"
                        .formatted(Quoted.of(prompt.metadata().prompt()), name));
            }
        };
    }

    /** It is named so, and was learned with the CLIP of this {@code ClipModel.fingerprint()}. */
    static PromptCheck of(String name, String fingerprint) {
        return prompt -> {
            named(name).check(prompt);
            String theirs = prompt.metadata().modelFingerprint();
            if (!theirs.equals(fingerprint)) {
                throw new RefusedPromptException(Refusal.OTHER_MODEL,
                        "It belongs to another model; run all services with the same --model [theirs: %s, ours: %s]"
                                .formatted(Quoted.of(theirs), fingerprint));
            }
        };
    }
}
