package dev.promptgate.service.kafka;

/**
 * How long topics were listened to, and up to which time everything in them is read. A consumer learns what there is while it polls and at
 * no other time: behind a handler that took ten seconds it does not know of the records of these ten seconds. So the time between two polls
 * counts for as long as a poll waits, at most. Not thread-safe.
 */
public final class ListeningTime {
    private final long mostNanos;
    private final long slackNanos;
    private long lastNanos;
    private long listened;
    private long markedListened;
    private long markedMillis;
    private long readUntil;

    /**
     * @param mostNanos how long the time between two polls counts at most
     * @param slackNanos how long a record may be on its way while one listens
     */
    public ListeningTime(long mostNanos, long slackNanos, long nowNanos, long nowMillis) {
        this.mostNanos = mostNanos;
        this.slackNanos = slackNanos;
        lastNanos = nowNanos;
        markedMillis = nowMillis;
    }

    /** A poll has ended, at this time by the monotonic and by the wall clock. */
    public void polled(long nowNanos, long nowMillis) {
        listened += Math.min(nowNanos - lastNanos, mostNanos);
        lastNanos = nowNanos;
        if (listened - markedListened >= slackNanos) {
            readUntil = markedMillis;
            markedListened = listened;
            markedMillis = nowMillis;
        }
    }

    /** Nanoseconds of listening so far. */
    public long nanos() {
        return listened;
    }

    /** Every record that was written by then is read, epoch milliseconds; 0 for none. */
    public long readUntil() {
        return readUntil;
    }
}
