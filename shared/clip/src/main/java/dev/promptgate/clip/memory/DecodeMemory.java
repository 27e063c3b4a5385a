package dev.promptgate.clip.memory;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bytes that all decoding of a process may take at once, over threads and images. Whoever asks for more than is left waits, in the
 * order of asking, so that a large image is not passed over by small ones for ever. Thread-safe; never ask on an event loop, nor while
 * holding something of it.
 */
public final class DecodeMemory {
    /** There was not enough memory in time. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private BusyException(long bytes, Duration waited) {
            super("Other images take the memory for decoding; try again [needed: %d, waited: %s]".formatted(bytes, waited));
        }
    }

    /** Bytes that were given; closing gives them back, once. */
    public final class Grant implements AutoCloseable {
        private int units;

        private Grant(int units) {
            this.units = units;
        }

        @Override
        public synchronized void close() {
            free.release(units);
            units = 0;
        }
    }

    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);
    private static final double SHARE_OF_HEAP = 0.4;
    private static final int UNIT = 1024;
    private static final DecodeMemory OF_HEAP = new DecodeMemory((long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory()));

    private final long bytes;
    private final Semaphore free;
    private final Duration patience;

    /** As many bytes, which are waited for without an end. */
    public DecodeMemory(long bytes) {
        this(bytes, new Semaphore(units(bytes), true), FOR_EVER);
    }

    private DecodeMemory(long bytes, Semaphore free, Duration patience) {
        this.bytes = bytes;
        this.free = free;
        this.patience = patience;
    }

    /** 40% of the largest heap, the same for all who ask: the rest is for files that wait, and everything else. */
    public static DecodeMemory ofHeap() {
        return OF_HEAP;
    }

    /** The same bytes for whoever gives up after a while. */
    public DecodeMemory waitingAtMost(Duration limit) {
        return new DecodeMemory(bytes, free, limit);
    }

    /**
     * Waits until there are as many bytes.
     *
     * @throws IllegalArgumentException if there never are
     * @throws BusyException if there were none in time
     * @throws CancellationException if the thread is interrupted, which it stays
     */
    public Grant take(long wanted) {
        if (wanted > bytes) {
            throw new IllegalArgumentException("That much is never free [bytes: %d, of: %d]".formatted(wanted, bytes));
        }
        int units = units(wanted);
        try {
            if (!free.tryAcquire(units, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BusyException(wanted, patience);
            }
            return new Grant(units);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for memory");
        }
    }

    /** All there is, taken or not. */
    public long bytes() {
        return bytes;
    }

    public long taken() {
        return (long) UNIT * (units(bytes) - free.availablePermits());
    }

    /** Threads that wait, roughly. */
    public int waiting() {
        return free.getQueueLength();
    }

    private static int units(long bytes) {
        return Math.toIntExact((bytes + UNIT - 1) / UNIT);
    }
}
