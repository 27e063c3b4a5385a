package dev.promptgate.learning.loss;

/** A loss or gradient came out as NaN or infinite; nothing was changed. */
public final class NonFiniteLossException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NonFiniteLossException(String message) {
        super(message);
    }
}
