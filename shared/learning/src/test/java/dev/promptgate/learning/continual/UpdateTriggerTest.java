package dev.promptgate.learning.continual;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UpdateTriggerTest {
    private final UpdateTrigger trigger = new UpdateTrigger(5, 3);

    @Test
    void classesThatArriveTogetherAreLearnedTogether() {
        assertFalse(trigger.count(true, true));
        assertFalse(trigger.count(true, false));
        assertFalse(trigger.count(true, true));
        assertFalse(trigger.count(true, false));
        assertFalse(trigger.count(true, false));
        assertTrue(trigger.count(true, false));
    }

    @Test
    void enoughNewImagesStartAnUpdateWithoutANewClass() {
        for (int i = 0; i < 4; i++) {
            assertFalse(trigger.count(true, false));
        }
        assertTrue(trigger.count(true, false));
    }

    @Test
    void imagesThatMemoryIgnoresDoNotCount() {
        for (int i = 0; i < 20; i++) {
            assertFalse(trigger.count(false, false));
        }
    }

    @Test
    void aNewClassIsDueAtOnceForWhoeverSeesTheStreamPause() {
        trigger.count(true, true);
        assertTrue(trigger.isDue());
        trigger.reset();
        assertFalse(trigger.isDue());
    }
}
