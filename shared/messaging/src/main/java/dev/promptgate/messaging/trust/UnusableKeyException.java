package dev.promptgate.messaging.trust;

/** A key file that cannot be used, or not be written; the message is one line and never holds a key. */
public final class UnusableKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with which file, and what to do */
    public UnusableKeyException(String message) {
        super(message);
    }

    /** @param cause of the file system or of the cryptography */
    public UnusableKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
