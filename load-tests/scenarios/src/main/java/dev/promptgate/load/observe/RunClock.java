package dev.promptgate.load.observe;

/** Time within a run, by one clock for all that is measured: this process's. Seconds count from the first image's due time. */
public record RunClock(long startNanos, long startMillis) {
    /** Length of an interval in which things are counted and sampled, seconds. */
    public static final double INTERVAL_SECONDS = 1;

    public static RunClock start() {
        return new RunClock(System.nanoTime(), System.currentTimeMillis());
    }

    public double now() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Epoch milliseconds of a time within the run. */
    public long epochMillis(double seconds) {
        return startMillis + Math.round(seconds * 1000);
    }

    /** The time within the run of epoch milliseconds. */
    public double seconds(long epochMillis) {
        return (epochMillis - startMillis) / 1000.0;
    }
}
