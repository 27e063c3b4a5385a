package dev.promptgate.simulation;

import dev.promptgate.simulation.Invariant.BrokenException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Decisions by what they were about and how they came out, counted over all lives; and whether errors are as rare as promised. Thread-safe.
 */
final class GateErrors {
    /** So unlikely must a count of errors be, if the promise held, that the promise does not hold. */
    private static final double SIGNIFICANCE = 1e-6;

    private record Promise(String what, double probability) {}

    private final Map<String, LongAdder> events = new TreeMap<>();
    private final Map<Promise, long[]> counts = new HashMap<>();

    synchronized void saw(String event) {
        events.computeIfAbsent(event, name -> new LongAdder()).increment();
    }

    /** Something that may be an error with a probability of at most so much. */
    synchronized void count(String what, double probability, boolean isError) {
        long[] count = counts.computeIfAbsent(new Promise(what, probability), promise -> new long[2]);
        count[0]++;
        count[1] += isError ? 1 : 0;
    }

    synchronized long seen(String event) {
        return events.getOrDefault(event, new LongAdder()).sum();
    }

    synchronized void requireAsPromised() throws BrokenException {
        for (Map.Entry<Promise, long[]> counted : counts.entrySet()) {
            Promise promise = counted.getKey();
            long[] count = counted.getValue();
            double chance = count[1] == 0 ? 1
                    : 1 - new BinomialDistribution(null, (int) count[0], promise.probability()).cumulativeProbability((int) count[1] - 1);
            Invariant.ERRORS_AS_PROMISED.require(chance >= SIGNIFICANCE,
                    "%s: %d of %d, promised are %.0f%%".formatted(promise.what(), count[1], count[0],
                            100 * promise.probability()));
        }
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        events.forEach((event, count) -> text.append("%s: %d%n".formatted(event, count.sum())));
        counts.forEach((promise, count) -> text.append("%s: %d of %d (%.2f%%), promised %.0f%%%n".formatted(promise.what(), count[1],
                count[0], 100.0 * count[1] / count[0], 100 * promise.probability())));
        return text.toString();
    }
}
