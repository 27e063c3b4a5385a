package dev.promptgate.learning.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RegressionWatchTest {
    private static final WatchSettings SETTINGS = new WatchSettings(0.01, 0.03, 0.99, 1000);

    @Test
    void aPromptThatLosesOneImageInTenGoesSoonAndTheSentenceSaysWhy() {
        RegressionWatch watch = new RegressionWatch(SETTINGS);
        int images = 0;
        while (watch.alarm().isEmpty()) {
            assertTrue(++images < 500);
            watch.add(true, images % 10 != 0, true);
        }
        String sentence = watch.alarm().orElseThrow();
        assertTrue(sentence.startsWith("seen classes regress under watch: of " + images
                + " images since the rollout the live prompt won 0 and lost " + images / 10), sentence);
        assertTrue(watch.alarmLevel(true) >= 1 && watch.alarmLevel(false) == 0);
    }

    @Test
    void unseenClassesAreWatchedOnTheirOwn() {
        RegressionWatch watch = new RegressionWatch(SETTINGS);
        for (int i = 0; i < 100; i++) {
            watch.add(true, true, true);
            watch.add(false, false, true);
        }
        assertTrue(watch.alarm().orElseThrow().startsWith("unseen classes"));
    }

    @Test
    void evidenceStartsAfreshWithEachPeriod() {
        RegressionWatch watch = new RegressionWatch(new WatchSettings(0.01, 0.03, 0.99, 50));
        for (int i = 0; i < 50; i++) {
            watch.add(true, i % 20 != 0, true);
        }
        double before = watch.alarmLevel(true);
        assertTrue(before > 0);
        assertTrue(watch.add(true, true, true), "a new period");
        assertEquals(2, watch.state().period());
        assertEquals(1, watch.state().images());
        assertTrue(watch.alarmLevel(true) < before);
    }

    @Test
    void goesOnFromItsState() {
        RegressionWatch whole = new RegressionWatch(SETTINGS);
        RegressionWatch first = new RegressionWatch(SETTINGS);
        for (int i = 0; i < 30; i++) {
            whole.add(i % 3 == 0, i % 5 != 0, true);
            first.add(i % 3 == 0, i % 5 != 0, true);
        }
        RegressionWatch second = new RegressionWatch(SETTINGS, first.state());
        for (int i = 0; i < 30; i++) {
            whole.add(true, i % 2 == 0, true);
            second.add(true, i % 2 == 0, true);
        }
        assertEquals(whole.alarm(), second.alarm());
        assertEquals(whole.alarmLevel(true), second.alarmLevel(true));
    }

    @Test
    void aStateOfSomethingElseIsRefused() {
        SequentialTest.State tooShort = new SequentialTest.State(0, 0, new double[2]);
        assertThrows(IllegalArgumentException.class,
                () -> new RegressionWatch(SETTINGS, new RegressionWatch.State(1, 0, tooShort, tooShort)));
        double[] broken = new SequentialTest(0).state().logWealth();
        broken[0] = Double.NaN;
        assertThrows(IllegalArgumentException.class, () -> new SequentialTest(0, new SequentialTest.State(0, 0, broken)));
    }
}
