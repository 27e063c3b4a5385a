package dev.promptgate.simulation;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;

/** Time that passes when it is told to. Not thread-safe. */
final class SimulatedClock implements Clock {
    private long millis;

    SimulatedClock(long millis) {
        this.millis = millis;
    }

    void advance(long byMillis) {
        millis += byMillis;
    }

    @Override
    public long wallTime() {
        return millis;
    }

    @Override
    public long monotonicTime() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
