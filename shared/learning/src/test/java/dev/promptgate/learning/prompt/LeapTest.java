package dev.promptgate.learning.prompt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import org.junit.jupiter.api.Test;

class LeapTest {
    @Test
    void whoCountsOnFromWhatIsLetThroughIsLetThrough() {
        qt().forAll(longs().between(0, 1L << 52), longs().between(0, Leap.MOST_AHEAD), longs().between(1, 1_000))
                .check((offset, ahead, more) -> !Leap.isAt(offset + ahead, offset) && !Leap.isAt(offset + ahead + more, offset + more));
    }

    @Test
    void numbersThatWouldBeUsedUpLeap() {
        assertFalse(Leap.isAt(Leap.MOST_AHEAD, 0));
        assertTrue(Leap.isAt(Leap.MOST_AHEAD + 1, 0));
        assertTrue(Leap.isAt(1L << 53, 1L << 52));
        assertTrue(Leap.isAt(Long.MAX_VALUE, 5));
    }
}
