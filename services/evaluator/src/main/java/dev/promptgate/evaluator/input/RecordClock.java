package dev.promptgate.evaluator.input;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The time by which cool-downs and deadlines run: that of the newest record, which is the broker's, and what has passed since it was taken
 * in. What this machine takes for the time may be wrong by a year, and would be stored with the state. While no evaluator runs and no
 * record comes, no time passes. Not thread-safe.
 */
public final class RecordClock {
    /** By more than this a record's time cannot lie back, unless the clock was wrong before. */
    private static final Duration MOST_BACK = Duration.ofHours(1);

    private final LongSupplier nanos;
    private long millis;
    private long atNanos;

    /** @param millis where an earlier clock stood, epoch milliseconds */
    public RecordClock(long millis, LongSupplier nanos) {
        this.nanos = nanos;
        set(millis);
    }

    private void set(long newMillis) {
        millis = newMillis;
        atNanos = nanos.getAsLong();
    }

    /** A record was taken in; one that lies back a little waited, or was read again. */
    public void take(ConsumerRecord<byte[], byte[]> record) {
        long now = now();
        if (record.timestamp() > now || record.timestamp() < now - MOST_BACK.toMillis()) {
            set(record.timestamp());
        }
    }

    /** Epoch milliseconds. */
    public long now() {
        return at(nanos.getAsLong());
    }

    /** The same at another time of the clock, epoch milliseconds. */
    public long at(long clockNanos) {
        return millis + Duration.ofNanos(clockNanos - atNanos).toMillis();
    }
}
