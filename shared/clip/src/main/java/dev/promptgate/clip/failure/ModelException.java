package dev.promptgate.clip.failure;

/** A model that cannot be used; the message is one line: what is wrong, where, and what to do. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error whose message says it all. */
    public ModelException(String message) {
        super(message);
    }

    /** An error with the failure that it stems from. */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
