package dev.promptgate.messaging.transaction;

/** Another process has taken this one's place: it must not write any more. The message is one line. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param transactionalId that the other process has taken over */
    public FencedException(String transactionalId, Throwable cause) {
        super("Another process has taken this one's place; run one for each transactional id [transactional id: %s, cause: %s]"
                .formatted(transactionalId, cause == null ? "its checkpoint has moved on" : String.valueOf(cause.getMessage())), cause);
    }
}
