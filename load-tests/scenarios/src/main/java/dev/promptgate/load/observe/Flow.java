package dev.promptgate.load.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many records passed each point of the way in each interval of the run. Thread-safe. */
public final class Flow {
    public enum Point {
        PUSHED, FEATURES, REJECTIONS, CANDIDATES, VERDICTS, ROLLOUTS
    }

    private final double intervalSeconds;
    private final Map<Point, List<Long>> counts = new EnumMap<>(Point.class);

    /** @param intervalSeconds length of an interval */
    public Flow(double intervalSeconds) {
        this.intervalSeconds = intervalSeconds;
    }

    /** One record passed at a time within the run. */
    public synchronized void count(Point point, double at) {
        List<Long> of = counts.computeIfAbsent(point, p -> new ArrayList<>());
        int interval = (int) Math.max(0, at / intervalSeconds);
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
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < intervals; i++) {
            rates.add(i < of.size() ? of.get(i) / intervalSeconds : 0);
        }
        return rates;
    }
}
