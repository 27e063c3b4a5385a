package dev.promptgate.load.observe;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How many records passed each point of the way in each interval of the run. Thread-safe. */
public final class Flow {
    public enum Point {
        PUSHED, FEATURES, REJECTIONS, CANDIDATES, VERDICTS, ROLLOUTS
    }

    private final Map<Point, Map<Integer, Long>> counts = new EnumMap<>(Point.class);

    /** One record passed at a time within the run. */
    public synchronized void count(Point point, double at) {
        int interval = (int) Math.max(0, at / RunClock.INTERVAL_SECONDS);
        counts.computeIfAbsent(point, p -> new HashMap<>()).merge(interval, 1L, Long::sum);
    }

    public synchronized long total(Point point) {
        return counts.getOrDefault(point, Map.of()).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Records a second of each of the first intervals. */
    public synchronized List<Double> perSecond(Point point, int intervals) {
        Map<Integer, Long> of = counts.getOrDefault(point, Map.of());
        return IntStream.range(0, intervals).mapToObj(i -> of.getOrDefault(i, 0L) / RunClock.INTERVAL_SECONDS).toList();
    }
}
