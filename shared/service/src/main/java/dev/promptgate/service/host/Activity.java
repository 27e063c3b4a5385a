package dev.promptgate.service.host;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Work that must get further while it is under way, which the {@link Watchdog} looks at. A step is whatever cannot come without the work
 * getting further: a poll that returned, empty or not, a training step, an attempt to reach brokers that are away. Thread-safe.
 */
public final class Activity {
    private static final long RESTS = Long.MIN_VALUE;

    private final LongSupplier nanos;
    private long stepped = RESTS;

    /** It rests; {@code nanos} is the clock, such as {@code System::nanoTime}. */
    public Activity(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Something is to be done from now on, unless it was already. */
    public synchronized void begins() {
        if (stepped == RESTS) {
            steps();
        }
    }

    /** It got further; it is under way from now on. */
    public synchronized void steps() {
        stepped = nanos.getAsLong();
    }

    /** It got further, if it is under way. */
    public synchronized void goesOn() {
        if (stepped != RESTS) {
            steps();
        }
    }

    /** There is nothing to do any more. */
    public synchronized void rests() {
        stepped = RESTS;
    }

    /** For how long it has got no further; empty while there is nothing to do. */
    public synchronized OptionalLong stillMillis() {
        return stepped == RESTS ? OptionalLong.empty() : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - stepped));
    }
}
