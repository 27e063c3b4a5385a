package dev.promptgate.console.state;

/** A record that the page cannot show; the message is one line. */
public final class UnusableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableRecordException(String message) {
        super(message);
    }
}
