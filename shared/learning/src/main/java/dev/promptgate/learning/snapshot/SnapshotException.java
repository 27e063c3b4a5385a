package dev.promptgate.learning.snapshot;

/** Bytes that are no usable prompt snapshot; the message is one line. */
public final class SnapshotException extends Exception {
    private static final long serialVersionUID = 1L;

    /** One line that says what is wrong. */
    public SnapshotException(String message) {
        super(message);
    }

    /** With the failure that it stems from. */
    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
