package dev.promptgate.learning.prompt;

/** Bytes that are no usable prompt, or no usable class embeddings; the message is one line. */
public final class UnreadablePromptException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadablePromptException(String message) {
        super(message);
    }

    public UnreadablePromptException(String message, Throwable cause) {
        super(message, cause);
    }
}
