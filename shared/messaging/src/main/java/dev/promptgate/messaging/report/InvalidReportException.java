package dev.promptgate.messaging.report;

/** Bytes that are no report; the message is one line. */
public final class InvalidReportException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param why completes "The report cannot be read: …" */
    public InvalidReportException(String why) {
        super("The report cannot be read: " + why);
    }
}
