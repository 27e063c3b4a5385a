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
    private long markedNanos;
    private long readUntil;

    /**
     * @param mostNanos how long the time between two polls counts at most
     * @param slackNanos how long a record may be on its way while one listens
     */
    public ListeningTime(long mostNanos, long slackNanos, long nowNanos) {
        this.mostNanos = mostNanos;
        this.slackNanos = slackNanos;
        lastNanos = nowNanos;
        markedNanos = nowNanos;
        readUntil = nowNanos - slackNanos;
    }

    /** A poll has ended. */
    public void polled(long nowNanos) {
        listened += Math.min(nowNanos - lastNanos, mostNanos);
        lastNanos = nowNanos;
        if (listened - markedListened >= slackNanos) {
            readUntil = markedNanos;
            markedListened = listened;
            markedNanos = nowNanos;
        }
    }

    /** Nanoseconds of listening so far. */
    public long nanos() {
        return listened;
    }

    /** Every record that was written by then is read, by the clock that {@link #polled} is told of. */
    public long readUntil() {
        return readUntil;
    }
}
