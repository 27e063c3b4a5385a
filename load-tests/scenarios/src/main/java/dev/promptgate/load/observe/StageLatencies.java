package dev.promptgate.load.observe;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Latencies of every stage, of the whole run and of each of its intervals. Values are kept to three digits, up to a day. Thread-safe. */
public final class StageLatencies {
    private static final long MOST_MICROS = 24L * 3600 * 1_000_000;
    private static final int DIGITS = 3;
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9};

    private final Map<FlowStage, Histogram> whole = new EnumMap<>(FlowStage.class);
    private final Map<FlowStage, TreeMap<Integer, Histogram>> intervals = new EnumMap<>(FlowStage.class);

    /** One latency and the second that it belongs to: of an image, when it was due. A negative one, of other clocks, counts as none. */
    public synchronized void record(FlowStage stage, double at, double seconds) {
        long micros = Math.min(MOST_MICROS, Math.max(0, Math.round(seconds * 1e6)));
        whole.computeIfAbsent(stage, s -> new Histogram(DIGITS)).recordValue(micros);
        int interval = (int) Math.max(0, at / RunClock.INTERVAL_SECONDS);
        intervals.computeIfAbsent(stage, s -> new TreeMap<>()).computeIfAbsent(interval, i -> new Histogram(DIGITS)).recordValue(micros);
    }

    /** Percentiles of each stage, milliseconds; stages without a value are left out. */
    public synchronized Map<String, Map<String, Object>> summary() {
        Map<String, Map<String, Object>> summary = new LinkedHashMap<>();
        whole.forEach((stage, histogram) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("meaning", stage.meaning());
            row.put("count", histogram.getTotalCount());
            for (double percentile : PERCENTILES) {
                row.put("p" + (percentile == 99.9 ? "99_9" : Integer.toString((int) percentile)) + "_ms",
                        millis(histogram.getValueAtPercentile(percentile)));
            }
            row.put("max_ms", millis(histogram.getMaxValue()));
            summary.put(stage.wireName(), row);
        });
        return summary;
    }

    /** A percentile of each interval, milliseconds; null where nothing was due. */
    public synchronized List<Double> perInterval(FlowStage stage, double percentile) {
        TreeMap<Integer, Histogram> of = intervals.getOrDefault(stage, new TreeMap<>());
        return IntStream.range(0, of.isEmpty() ? 0 : of.lastKey() + 1).mapToObj(of::get)
                .map(histogram -> histogram == null ? null : (Double) millis(histogram.getValueAtPercentile(percentile)))
                .collect(Collectors.toList());
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }
}
