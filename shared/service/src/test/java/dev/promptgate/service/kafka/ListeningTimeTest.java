package dev.promptgate.service.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ListeningTimeTest {
    private final ListeningTime time = new ListeningTime(50, 100, 1_000);

    @Test
    void whatWasWrittenBeforeOneListenedForTheSlackIsRead() {
        time.polled(1_050);
        assertEquals(900, time.readUntil());
        time.polled(1_100);
        assertEquals(1_000, time.readUntil());
        time.polled(1_149);
        assertEquals(1_000, time.readUntil());
        time.polled(1_199);
        assertEquals(1_000, time.readUntil());
        time.polled(1_200);
        assertEquals(1_100, time.readUntil());
    }

    /** A judgement of ten seconds lies between two polls: what came meanwhile is not read yet. */
    @Test
    void nobodyListensWhileAJudgementRuns() {
        time.polled(11_000);
        assertEquals(50, time.nanos());
        assertEquals(900, time.readUntil());
        time.polled(11_050);
        assertEquals(100, time.nanos());
        assertEquals(1_000, time.readUntil());
        time.polled(11_100);
        assertEquals(1_000, time.readUntil());
        time.polled(11_150);
        assertEquals(11_050, time.readUntil());
    }
}
