package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromqlTest {
    @Test
    void selectorsAreFoundAndNothingElseIs() {
        assertEquals(List.of("a_total{code=\"x\", b!=\"y\"}", "stage:lag:sum", "up"), Promql.selectors(
                "sum by (namespace, job) (rate(a_total{code=\"x\", b!=\"y\"}[15m])) > 1e3 and on (job) "
                        + "max_over_time(stage:lag:sum[1h:1m] offset 5m) unless up == 0.5"));
    }

    @Test
    void anAggregationMayNameItsLabelsBehind() {
        assertEquals(Set.of("a", "b"), Promql.metrics("sum(a{x=\"1\"} * on (job, instance) group_left (name) b) by (name)"));
    }

    @Test
    void variablesBecomeWhatGrafanaSendsForAll() {
        assertEquals("rate(a{instance=~\".*\"}[15s])", Promql.withoutVariables("rate(a{instance=~\"$evaluator\"}[$__rate_interval])"));
    }
}
