package dev.promptgate.simulation;

import java.util.stream.LongStream;

/** The seeds that a test command runs: 1 to {@code -Dseeds}, or the one of {@code -Dseed}. */
public final class Seeds {
    /** What is done with a seed. */
    @FunctionalInterface
    public interface Life {
        void live(long seed) throws Exception;
    }

    private static final Long ONE = Long.getLong("seed");

    private Seeds() {}

    public static long count() {
        return count(1);
    }

    /** One in so many of them. */
    static long count(int share) {
        return ONE == null ? Long.getLong("seeds", 2_000) / share : 1;
    }

    /** In any order, on all processors; a failure tells how to see it again. */
    public static void forEach(Class<?> test, Life life) {
        forEach(test, 1, life);
    }

    static void forEach(Class<?> test, int share, Life life) {
        long first = ONE == null ? 1 : ONE;
        LongStream.range(first, first + count(share)).parallel().forEach(seed -> {
            try {
                life.live(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(("%s%nSeed %d; see it again: mvn verify -pl load-tests/simulation -am -Dtest=%s "
                        + "-Dsurefire.failIfNoSpecifiedTests=false -Dseed=%d").formatted(e, seed, test.getSimpleName(), seed), e);
            }
        });
    }
}
