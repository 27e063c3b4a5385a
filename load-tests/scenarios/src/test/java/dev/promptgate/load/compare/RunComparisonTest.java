package dev.promptgate.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.load.compare.RunComparison.Finding.Outcome;
import dev.promptgate.load.observe.Accounts;
import dev.promptgate.load.observe.Accounts.Faults;
import dev.promptgate.load.report.Reports;
import dev.promptgate.load.report.RunReport;
import dev.promptgate.load.report.RunReport.Machine;
import dev.promptgate.load.report.RunReport.Run;
import dev.promptgate.load.report.RunReport.Timing;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunComparisonTest {
    private static final int PAIRS = 200;

    private static long count(double slowdown, double noise, Predicate<RunComparison> what) {
        return LongStream.range(0, PAIRS)
                .mapToObj(i -> RunComparison.of(Reports.of(1, noise, 2 * i), Reports.of(slowdown, noise, 2 * i + 1)))
                .filter(what).count();
    }

    private static Outcome outcome(RunComparison comparison, String metric) {
        return comparison.findings().stream().filter(finding -> finding.metric().startsWith(metric)).findFirst().orElseThrow().outcome();
    }

    @Test
    void noiseAloneIsSilent() {
        for (double noise : new double[] {0.02, 0.1, 0.25}) {
            long alarms = count(1, noise, comparison -> comparison.findings().stream()
                    .anyMatch(finding -> finding.outcome() == Outcome.WORSE || finding.outcome() == Outcome.BETTER));
            assertTrue(alarms <= PAIRS * 0.03, "noise %s: %d alarms".formatted(noise, alarms));
        }
    }

    @Test
    void aSlowdownOfAFifthIsFound() {
        long found = count(1.2, 0.1, comparison -> comparison.isWorse() && outcome(comparison, "feature latency p50") == Outcome.WORSE
                && outcome(comparison, "throughput") == Outcome.WORSE);
        assertTrue(found >= PAIRS * 0.95, "found " + found);
    }

    @Test
    void aSpeedUpIsNoAlarm() {
        RunComparison comparison = RunComparison.of(Reports.of(1.4, 0.05, 1), Reports.of(1, 0.05, 2));
        assertEquals(Outcome.BETTER, outcome(comparison, "feature latency p50"));
        assertFalse(comparison.isWorse());
    }

    @Test
    void aChangeThatIsSureButSmallIsNone() {
        RunComparison comparison = RunComparison.of(Reports.of(1, 0.005, 1), Reports.of(1.05, 0.005, 2));
        assertTrue(comparison.findings().stream().anyMatch(finding -> finding.pValue() < 1e-5), comparison.lines().toString());
        assertFalse(comparison.isWorse());
    }

    @Test
    void whatWasNotMeasuredIsUnknown() {
        assertEquals(Outcome.UNKNOWN, outcome(RunComparison.of(Reports.of(1, 0.1, 1), Reports.of(1, 0.1, 2)), "learner lag"));
    }

    @Test
    void aLossIsWorseWhateverTheSpeed() {
        RunReport before = Reports.of(1, 0.1, 1);
        Accounts lost = new Accounts(9_000, 0, 8_899, 100, new Faults(1, 0, 0, 0, 0), 8_700, 1, Map.of());
        RunComparison comparison = RunComparison.of(before, with(before, before.run().machine(), lost, before.timing().loadSeconds()));
        assertTrue(comparison.isWorse());
        assertTrue(comparison.lines().stream().anyMatch(line -> line.contains("no longer balance")), comparison.lines().toString());
    }

    @Test
    void anotherMachineIsSaidAndAnotherLoadRefused() {
        RunReport before = Reports.of(1, 0.1, 1);
        RunReport elsewhere = with(before, new Machine(64, 1, "another", "21", "Linux"), before.accounts(), before.timing().loadSeconds());
        assertTrue(RunComparison.of(before, elsewhere).warnings().get(0).contains("machines differ"));
        assertThrows(IllegalArgumentException.class,
                () -> RunComparison.of(before, with(before, before.run().machine(), before.accounts(), 1_000)));
    }

    private static RunReport with(RunReport r, Machine machine, Accounts accounts, double seconds) {
        return new RunReport(r.format(),
                new Run(r.run().scenario(), r.run().command(), r.run().startedAt(), r.run().plan(), machine),
                new Timing(r.timing().intervalSeconds(), seconds, r.timing().warmUpSeconds(), r.timing().drained(),
                        r.timing().drainSeconds()),
                accounts, r.stages(), r.prompts(), r.notes(), r.series());
    }
}
