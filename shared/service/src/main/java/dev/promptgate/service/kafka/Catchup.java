package dev.promptgate.service.kafka;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a service is with what was in its topic when it started; the log tells every few seconds. One thread reports, any asks. */
public final class Catchup {
    private static final Logger LOG = LoggerFactory.getLogger(Catchup.class);
    private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String who;
    private volatile double fraction;
    private volatile boolean done;
    private long begin;
    private long end;
    private long began;
    private long logged;

    /** @param who begins the sentences in the log, e.g. "The learner" */
    public Catchup(String who) {
        this.who = who;
    }

    /** Offsets of the first record and behind the last one, as they are at the start. */
    public void begin(long firstOffset, long endOffset) {
        begin = firstOffset;
        end = endOffset;
        began = System.nanoTime();
        logged = began;
    }

    /** Everything before this offset has been taken in; {@code isRestored} says whether the rest of the state is there, too. */
    public void reached(long offset, boolean isRestored) {
        if (done) {
            return;
        }
        fraction = end <= begin ? 1 : Math.min(1, Math.max(0, (double) (offset - begin) / (end - begin)));
        done = offset >= end && isRestored;
        long now = System.nanoTime();
        if (done) {
            LOG.info("{} is caught up: {} records in {} ms", who, end - begin, TimeUnit.NANOSECONDS.toMillis(now - began));
        } else if (now - logged > LOG_EVERY_NANOS) {
            logged = now;
            LOG.info("{} reads again what it knew: {}, {} of {} records", who, detail(), offset - begin, end - begin);
        }
    }

    /** Whether everything that was there at the start has been taken in. */
    public boolean isDone() {
        return done;
    }

    /** The part that is done, from 0 to 1. */
    public double fraction() {
        return done ? 1 : fraction;
    }

    public String detail() {
        return String.format(Locale.ROOT, "%.0f%%", 100 * fraction());
    }
}
