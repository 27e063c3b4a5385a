package dev.promptgate.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.BaseToNew;
import dev.promptgate.experiments.protocol.Oracle;
import dev.promptgate.experiments.protocol.Protocol.ComparisonSetting;
import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import dev.promptgate.experiments.run.Cell;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.MethodComparison;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.statistics.PairedDifference;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@BundledModelTest
class SummaryTest {
    private final ClipModel model;
    private final ComparedMethod first = method("first");
    private final ComparedMethod second = method("second");

    SummaryTest(ClipModel model) {
        this.model = model;
    }

    private static ComparedMethod method(String name) {
        return new ComparedMethod(name, name.toUpperCase(), "", "", null, new Oracle());
    }

    /** Two methods, three seeds; the second method has not finished the last. */
    private Summary summary(Map<Cell, String> failed) {
        ComparisonSetting setting = new ComparisonSetting(model, Oracle.data("letters", 7, 5, 3), List.of(), "a photo of a", 3);
        Plan plan = new Plan(new BaseToNew(), setting, List.of(first, second), List.of(1L, 2L, 3L), List.of(16),
                new TrainingSettings(10, 8, 0.002, 1, 0.9, 5e-4));
        Map<Cell, CellResult> finished = new LinkedHashMap<>();
        add(finished, "first", 1, true, true, false);
        add(finished, "first", 2, true, false, false);
        add(finished, "first", 3, true, true, true);
        add(finished, "second", 1, true, false, false);
        add(finished, "second", 2, true, false, false);
        return new Summary(plan, new MethodComparison.Results(finished, failed));
    }

    private static void add(Map<Cell, CellResult> finished, String method, long seed, boolean... base) {
        Cell cell = new Cell(method, seed, 16);
        double accuracy = (base[0] ? 1 : 0) / 3.0 + (base[1] ? 1 : 0) / 3.0 + (base[2] ? 1 : 0) / 3.0;
        finished.put(cell,
                new CellResult(cell,
                        new RunOutcome(Map.of("base", accuracy, "hm", accuracy / 2), Map.of("base", base), new double[0][],
                                Optional.empty(), 2048),
                        1, Double.NaN, List.of()));
    }

    @Test
    void aDifferenceCountsOnlySeedsThatBothFinished() {
        Summary summary = summary(Map.of());
        PairedDifference base = summary.difference(first, second, 16, "base").orElseThrow();
        assertEquals(2, base.overSeeds().n());
        assertEquals(1 / 6.0, base.overSeeds().mean(), 1e-12);
        assertEquals(3, base.overImages().n());
        PairedDifference hm = summary.difference(first, second, 16, "hm").orElseThrow();
        assertEquals(1 / 12.0, hm.overSeeds().mean(), 1e-12);
        assertEquals(0, hm.overImages().n()); // a harmonic mean is of no single image
        assertEquals(3, summary.figure(first, 16, "base").n());
    }

    @Test
    void whatIsNotWholeSaysSo() {
        Summary summary = summary(Map.of(new Cell("second", 3, 16), "The loss is not finite"));
        assertFalse(summary.isComplete());
        var json = SummaryJson.of(summary, first, Map.of("first", 12.5), Map.of());
        assertFalse(json.get("complete").asBoolean());
        assertEquals(2, json.at("/methods/second/seeds_finished").asInt());
        assertEquals("The loss is not finite", json.at("/failed/second, seed 3, 16 shots").asText());
        assertTrue(json.at("/methods/second/new").isNull());
        assertEquals(12.5, json.at("/methods/first/step_millis").asDouble());
        String introduction = new MarkdownReport(summary, first).introduction("promptgate compare");
        assertTrue(
                introduction.contains(
                        "**Not complete**: 5 of 6 runs are finished.\n- failed: second, seed 3, 16 shots: The loss is not finite"),
                introduction);
    }

    @Test
    void numbersAreWrittenAsTheyAreRead() {
        Summary summary = summary(Map.of());
        String table = new MarkdownReport(summary, first).accuracies(16);
        // 2/3, 1/3 and 1: mean 2/3, s = 1/3, t(0.975, 2) = 4.3027
        assertTrue(table.contains("| FIRST | 33.33 ± 41.40 | 66.67 ± 82.80 | – |"), table);
        assertTrue(table.contains("| 3 | 1.0 | 2,048 |"), table);
        assertTrue(new MarkdownReport(summary, first).introduction("x")
                .contains("learning rate 0.002 by cosine after 1 epoch at 1e-5, momentum 0.9, weight decay 0.0005"));
    }
}
