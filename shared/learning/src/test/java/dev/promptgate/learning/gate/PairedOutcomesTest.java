package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedOutcomesTest {
    @Test
    void countsThePairs() {
        PairedOutcomes pairs = PairedOutcomes.of(new boolean[] {true, true, false, false}, new boolean[] {true, false, true, false});
        assertEquals(new PairedOutcomes(1, 1, 1, 1), pairs);
        assertEquals(0, pairs.difference());
        assertEquals(0.5, pairs.candidateAccuracy());
    }

    @Test
    void equalAnswersStillLeaveUncertainty() {
        PairedOutcomes same = new PairedOutcomes(50, 0, 0, 50);
        assertTrue(same.bound(-1.645) < 0);
        assertTrue(same.bound(-1.645) > -0.02);
    }

    @Test
    void boundsAreSymmetric() {
        PairedOutcomes pairs = new PairedOutcomes(40, 12, 5, 43);
        PairedOutcomes swapped = new PairedOutcomes(40, 5, 12, 43);
        assertEquals(pairs.bound(-1.645), -swapped.bound(1.645), 1e-12);
    }
}
