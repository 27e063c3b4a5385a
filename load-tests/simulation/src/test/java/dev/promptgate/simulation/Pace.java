package dev.promptgate.simulation;

import java.util.SplittableRandom;

/** How fast a life goes, where it stands still and when it is killed. Not thread-safe. */
final class Pace {
    static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int QUIET_POLLS = 20;

    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final long end;
    private final int endingMillis;
    private final boolean isKilled;
    private int quiet;
    private int kills;

    /** Ends at a time; from some seconds before, nobody is killed, sleeps or stands still, so that what was begun is brought to its end. */
    Pace(long begin, long end, int endingMillis, long seed, boolean isKilled) {
        this.endingMillis = endingMillis;
        clock = new SimulatedClock(begin);
        random = new SplittableRandom(seed);
        this.end = end;
        this.isKilled = isKilled;
    }

    SimulatedClock clock() {
        return clock;
    }

    SplittableRandom random() {
        return random;
    }

    int kills() {
        return kills;
    }

    boolean isOver() {
        return clock.wallTime() >= end;
    }

    boolean isEnding() {
        return clock.wallTime() >= end - endingMillis;
    }

    /** Somebody must start the service again. */
    void killed() {
        kills++;
        pass(random.nextInt(1_500));
    }

    /** Never into the ending. */
    private void pass(long millis) {
        clock.advance(Math.max(0, Math.min(millis, end - endingMillis - clock.wallTime())));
    }

    void killOneIn(int times) {
        if (isKilled && !isEnding() && random.nextInt(times) == 0) {
            throw new KilledException();
        }
    }

    /** Whether somebody takes the service for dead and starts another process of it. */
    boolean isReplacedOneIn(int times) {
        boolean isReplaced = isKilled && !isEnding() && random.nextInt(times) == 0;
        if (isReplaced) {
            killed();
        }
        return isReplaced;
    }

    /** Lets time pass that must not pass in part; false if it would go into the ending. */
    boolean passes(long millis) {
        boolean passes = clock.wallTime() + millis < end - endingMillis;
        if (passes) {
            clock.advance(millis);
        }
        return passes;
    }

    void stallOneIn(int times, int mostMillis) {
        if (random.nextInt(times) == 0) {
            pass(random.nextInt(mostMillis));
        }
    }

    /** Lets time pass in which nothing comes, not all of it at once. */
    void sleepIfQuiet(boolean isQuiet, SimulatedLog log) {
        quiet = isQuiet ? quiet + 1 : 0;
        if (quiet > QUIET_POLLS && !isEnding()) {
            quiet = 0;
            long left = Math.min(log.nextAfter(clock.wallTime()), end - endingMillis) - clock.wallTime() - random.nextInt(100);
            clock.advance(Math.max(0, Math.max(left - 60_000, Math.min(left, random.nextInt(8_000)))));
        }
    }
}
