package dev.promptgate.chaos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.chaos.faults.FaultPlan.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final Set<Fault> ALL = EnumSet.allOf(Fault.class);
    private static final List<String> BROKERS = List.of("broker-1", "broker-2", "broker-3");

    private static List<Step> steps(long seed, int kills, Set<Fault> possible) {
        return FaultPlan.draw(seed, kills, possible, Fleet.NAMES, BROKERS).steps();
    }

    @Test
    void aSeedTellsEverything() {
        assertEquals(steps(7, 40, ALL), steps(7, 40, ALL));
        assertNotEquals(steps(7, 40, ALL), steps(8, 40, ALL));
    }

    @Test
    void whatAMachineDoesNotAllowIsLeftOutAndTheRestStays() {
        Set<Fault> less = EnumSet.complementOf(EnumSet.of(Fault.CUT, Fault.FULL_DISK));
        assertEquals(steps(7, 40, ALL).stream().filter(step -> less.contains(step.fault())).toList(), steps(7, 40, less));
    }

    @Test
    void thereIsAsMuchOfEachAsAskedFor() {
        List<Step> steps = steps(1, 1_000, ALL);
        assertEquals(1_000, steps.stream().filter(step -> step.fault() == Fault.KILL_SERVICE).count());
        assertTrue(steps.stream().filter(step -> step.fault().killsBroker()).count() >= 50);
        assertEquals(ALL, EnumSet.copyOf(steps(1, 1, ALL).stream().map(Step::fault).toList()));
    }

    @Test
    void whatIsCutIsAHostFromABroker() {
        for (Step step : steps(3, 1_000, EnumSet.of(Fault.CUT, Fault.CUT_ONE_WAY))) {
            assertNotEquals(step.target(), step.other());
            assertTrue(BROKERS.contains(step.target()) || BROKERS.contains(step.other()), step.toString());
        }
    }
}
