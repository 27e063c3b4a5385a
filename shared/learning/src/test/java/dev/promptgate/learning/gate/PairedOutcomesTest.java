package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PairedOutcomesTest {
    @Test
    void countsThePairs() {
        PairedOutcomes pairs = PairedOutcomes.of(new boolean[] {true, true, false, false}, new boolean[] {true, false, true, false});
        assertEquals(new PairedOutcomes(1, 1, 1, 1), pairs);
        assertEquals(0, pairs.difference());
        assertEquals(0.5, pairs.candidateAccuracy());
    }
}
