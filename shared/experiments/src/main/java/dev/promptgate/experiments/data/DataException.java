package dev.promptgate.experiments.data;

/** Images, a list of images or cached features that cannot be used; the message is one line: what is wrong, where, and what to do. */
public final class DataException extends Exception {
    private static final long serialVersionUID = 1L;

    /** An error whose message says it all. */
    public DataException(String message) {
        super(message);
    }

    /** An error with the failure that it stems from. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
