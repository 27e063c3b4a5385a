package dev.promptgate.console.state;

/** A record that the page cannot show; the message is one line. */
public final class UnusableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param cause its message is the reason */
    UnusableRecordException(String what, Exception cause) {
        super("%s: %s".formatted(what, String.valueOf(cause.getMessage()).lines().findFirst().orElse("")), cause);
    }

    UnusableRecordException(String message) {
        super(message);
    }
}
