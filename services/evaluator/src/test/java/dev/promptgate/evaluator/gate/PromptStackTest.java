package dev.promptgate.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptStackTest {
    private final PromptStack live = new PromptStack(prompt(0));

    @Test
    void aRollbackTakesTheTopOffAndWithItWhatWasBest() {
        live.rollOut(prompt(1), true);
        live.rollOut(prompt(2), false);
        live.rollOut(prompt(3), true);
        assertEquals(3, live.best().version());
        assertEquals(2, live.lastGood().version());
        live.rollBackTo(live.lastGood());
        assertEquals(2, live.live().version());
        assertEquals(1, live.best().version());
        assertEquals(1, live.lastGood().version());
    }

    @Test
    void whatStandsOnAnEarlierPromptGoesWithIt() {
        live.rollOut(prompt(1), true);
        live.rollOut(prompt(2), true);
        live.rollOut(prompt(3), true);
        live.rollBackTo(prompt(1));
        assertEquals(List.of(new PromptStack.LevelState(1, 1)), live.state());
        live.rollBackTo(live.handWritten());
        assertEquals(0, live.live().version());
        assertEquals(0, live.lastGood().version());
        assertEquals(List.of(), live.state());
    }

    @Test
    void aPromptThatWasRolledBackCanComeBackOnTop() {
        live.rollOut(prompt(1), true);
        live.rollOut(prompt(2), true);
        live.rollBackTo(prompt(1));
        live.rollBackTo(prompt(2));
        assertEquals(2, live.live().version());
        assertEquals(1, live.lastGood().version());
    }

    @Test
    void onlySoManyLevelsAreKeptAndTheHandWrittenPromptAlways() {
        for (int version = 1; version <= 100; version++) {
            live.rollOut(prompt(version), true);
        }
        assertEquals(31, live.state().size());
        assertEquals(100, live.live().version());
        assertEquals(0, live.handWritten().version());
    }

    private static Prompt prompt(long version) {
        return new Prompt(new Context(1, 1, new float[] {version}), new PromptMetadata("default", version, version - 1, "m", 0,
                new PromptMetadata.Origin(List.of(), "", Map.of(), Map.of(), Map.of()), Map.of()));
    }
}
