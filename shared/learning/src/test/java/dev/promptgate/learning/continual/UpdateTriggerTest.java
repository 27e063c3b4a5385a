package dev.promptgate.learning.continual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateTriggerTest {
    private static final LearningSettings.Shots SHOTS = new LearningSettings.Shots(16, 8, 5, 3);
    private final UpdateTrigger trigger = new UpdateTrigger(SHOTS, 4);

    @Test
    void classesThatArriveTogetherAreLearnedTogether() {
        assertFalse(trigger.count(true, true));
        assertFalse(trigger.count(true, false));
        assertFalse(trigger.count(true, true));
        assertFalse(trigger.count(true, false));
        assertFalse(trigger.count(true, false));
        assertTrue(trigger.count(true, false));
        assertFalse(trigger.isShort());
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
        trigger.reset(1, false);
        assertFalse(trigger.isDue());
    }

    @Test
    void aChangedClassIsWaitedForAsANewOneButIsNoReasonToHurry() {
        trigger.classChanged();
        assertTrue(trigger.isDue());
        assertFalse(trigger.count(false, false));
        assertFalse(trigger.count(false, false));
        trigger.classChanged(); // another one
        assertFalse(trigger.count(false, false));
        assertFalse(trigger.count(false, false));
        assertTrue(trigger.count(false, false));
        assertFalse(trigger.isShort());
        trigger.reset(1, false);
        assertFalse(trigger.isDue());
    }

    @Test
    void manyNewClassesStartAnUpdateAndIfThatWasShortTheWholeOneComesWhenTheStreamSettles() {
        for (int i = 0; i < 3; i++) {
            assertFalse(trigger.count(true, true));
        }
        assertTrue(trigger.count(true, true));
        assertTrue(trigger.isShort());
        trigger.reset(4, true);
        assertTrue(trigger.isDue());
        assertFalse(trigger.isShort());
        assertFalse(trigger.count(false, false));
        assertFalse(trigger.count(false, false));
        assertTrue(trigger.count(false, false));
        assertFalse(trigger.isShort());
        trigger.reset(4, false);
        assertFalse(trigger.isDue());
    }

    @Test
    void aFewMoreClassesDoNotWaitForTheWholeUpdateThatIsOwed() {
        trigger.reset(40, true);
        assertFalse(trigger.count(true, true));
        assertTrue(trigger.isShort());
        trigger.reset(41, true);
        assertFalse(trigger.isShort());
        assertTrue(trigger.isDue());
    }

    /** Each costs what its classes cost, so that all together cost at most three times as much as the last. */
    @Test
    void howeverManyClassesKeepComingUpdatesGrowWithWhatWasTrained() {
        List<Integer> updates = new ArrayList<>();
        for (int classes = 1; classes <= 1000; classes++) {
            if (trigger.count(true, true)) {
                updates.add(classes);
                trigger.reset(classes, trigger.isShort());
            }
        }
        assertEquals(List.of(4, 8, 12, 18, 27, 41, 62, 93, 140, 210, 315, 473, 710), updates);
    }

    @Test
    void whereNoneIsUrgentClassesThatKeepComingWait() {
        UpdateTrigger patient = new UpdateTrigger(SHOTS, 0);
        for (int i = 0; i < 1000; i++) {
            assertFalse(patient.count(true, true));
        }
        assertFalse(patient.isShort());
    }
}
