package dev.promptgate.load.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How many records passed each point of the way in each interval of the run. Thread-safe. */
public final class Flow {
    public enum Point {
        PUSHED, FEATURES, REJECTIONS, CANDIDATES, VERDICTS, ROLLOUTS
    }

    private final Map<Point, List<Long>> counts = new EnumMap<>(Point.class);

    /** One record passed at a time within the run. */
    public synchronized void count(Point point, double at) {
        List<Long> of = counts.computeIfAbsent(point, p -> new ArrayList<>());
        int interval = (int) Math.max(0, at / RunClock.INTERVAL_SECONDS);
        while (of.size() <= interval) {
            of.add(0L);
        }
        of.set(interval, of.get(interval) + 1);
    }

    public synchronized long total(Point point) {
        return counts.getOrDefault(point, List.of()).stream().mapToLong(Long::longValue).sum();
    }

    /** Records a second of each of the first intervals. */
    public synchronized List<Double> perSecond(Point point, int intervals) {
        List<Long> of = counts.getOrDefault(point, List.of());
        return IntStream.range(0, intervals).mapToObj(i -> i < of.size() ? of.get(i) / RunClock.INTERVAL_SECONDS : 0.0).toList();
    }
}
