package dev.promptgate.evaluator.candidate;

import dev.promptgate.evaluator.config.RefusalReason;

/** A candidate that cannot be judged; the message is one line. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;

    /** @param message what is wrong and what to do */
    public RefusedException(RefusalReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Which of the known reasons it is. */
    public RefusalReason reason() {
        return reason;
    }
}
