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
}
