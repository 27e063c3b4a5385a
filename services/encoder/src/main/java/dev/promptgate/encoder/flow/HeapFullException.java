package dev.promptgate.encoder.flow;

/** The heap is full, and no image's decoding filled it; names the records in hand, one of which may be the cause. */
final class HeapFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private HeapFullException(Throwable cause, InFlightRecords inFlight) {
        super("The heap is full; raise -Xmx, or lower encoder.max-in-flight-bytes, encoder.batch-size or images.decode-memory"
                + " [heap: %d, records in hand: %s]".formatted(Runtime.getRuntime().maxMemory(), inFlight.positions()), cause);
    }

    /** The failure as it is, unless it stems from an {@link OutOfMemoryError}. */
    static Throwable orSame(Throwable failure, InFlightRecords inFlight) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return new HeapFullException(failure, inFlight);
            }
        }
        return failure;
    }
}
