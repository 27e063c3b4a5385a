package dev.promptgate.learning.prompt;

/** Bytes that are no usable prompt; the message is one line. */
public final class UnreadablePromptException extends Exception {
    private static final long serialVersionUID = 1L;

    /** One line that says what is wrong. */
    public UnreadablePromptException(String message) {
        super(message);
    }

    /** With the failure that it stems from. */
    public UnreadablePromptException(String message, Throwable cause) {
        super(message, cause);
    }
}
