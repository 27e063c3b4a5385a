package dev.promptgate.simulation.encoder;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when, in milliseconds; of the same time, in the order in which it was entered. Not thread-safe. */
final class Agenda {
    private record Entry(long time, long number, Runnable what) {}

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.comparingLong(Entry::time).thenComparingLong(Entry::number));
    private long now;
    private long number;

    long now() {
        return now;
    }

    void in(long millis, Runnable what) {
        entries.add(new Entry(now + millis, number++, what));
    }

    /** Lets the next thing happen. */
    void next() {
        Entry next = entries.remove();
        now = next.time();
        next.what().run();
    }
}
