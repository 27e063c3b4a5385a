package dev.promptgate.follower;

/** A prompt that must not or cannot be used; the message is one line. */
public final class RefusedPromptException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /** @param message what is wrong and what to do */
    public RefusedPromptException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }

    /** Why a record is not used; a closed list, so that it can tag a meter. */
    public enum Refusal {
        /** It is not signed, or not by a key that is trusted, or its signature does not fit, or it is an old one sent again. */
        UNTRUSTED,
        /** It is no whole, finite prompt, or no part of class embeddings. */
        UNREADABLE,
        /** It belongs to another prompt than its key says. */
        OTHER_PROMPT,
        OTHER_MODEL,
        /** Its context does not fit the model. */
        WRONG_SHAPE,
        /** Its class names do not make prompts. */
        BAD_CLASSES,
        /** Parts of a set of class embeddings are missing. */
        INCOMPLETE
    }
}
