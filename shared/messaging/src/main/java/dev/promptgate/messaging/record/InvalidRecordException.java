package dev.promptgate.messaging.record;

/** A record that cannot be used; the message is one line. */
public final class InvalidRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectionCode code;

    /** @param message what is wrong and what to do */
    public InvalidRecordException(RejectionCode code, String message) {
        super(message);
        this.code = code;
    }

    public RejectionCode code() {
        return code;
    }
}
