package dev.promptgate.load.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StageLatenciesTest {
    @Test
    void percentilesAreThoseOfTheSortedValues() {
        StageLatencies latencies = new StageLatencies();
        SplittableRandom random = new SplittableRandom(4);
        double[] seconds = new double[20_000];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = Math.exp(random.nextGaussian() * 1.5 - 3); // a long tail, as latencies have
            latencies.record(FlowStage.FEATURE, i / 1000.0, seconds[i]);
        }
        Arrays.sort(seconds);
        Map<String, Object> row = latencies.summary().get("feature");
        assertEquals(20_000L, row.get("count"));
        for (Map.Entry<String, Double> column : Map
                .of("p50_ms", 0.5, "p90_ms", 0.9, "p95_ms", 0.95, "p99_ms", 0.99, "p99_9_ms", 0.999, "max_ms", 1.0).entrySet()) {
            double expected = 1000 * seconds[(int) Math.ceil(column.getValue() * seconds.length) - 1];
            assertEquals(expected, (Double) row.get(column.getKey()), 0.002 * expected, column.getKey());
        }
    }

    @Test
    void anIntervalHoldsWhatWasDueInIt() {
        StageLatencies latencies = new StageLatencies();
        latencies.record(FlowStage.PUSH, 0.5, 0.010);
        latencies.record(FlowStage.PUSH, 2.5, 5.000); // due in the third second, done in the eighth
        assertEquals(3, latencies.perInterval(FlowStage.PUSH, 50).size());
        assertEquals(10, latencies.perInterval(FlowStage.PUSH, 50).get(0), 0.02);
        assertNull(latencies.perInterval(FlowStage.PUSH, 50).get(1));
        assertEquals(5_000, latencies.perInterval(FlowStage.PUSH, 50).get(2), 5);
    }
}
