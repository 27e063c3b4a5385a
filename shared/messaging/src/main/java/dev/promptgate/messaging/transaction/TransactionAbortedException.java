package dev.promptgate.messaging.transaction;

/**
 * A transaction failed and the writer can write again. Mostly nothing of it was written; after a failure in mid-commit the committed
 * offsets tell.
 */
public final class TransactionAbortedException extends Exception {
    private static final long serialVersionUID = 1L;

    public TransactionAbortedException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
