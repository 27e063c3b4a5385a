package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Each seed is a history, one life of learners that are left alone, and one of some that are killed; both must learn the same. */
class LearnerSimulationTest {
    private final AtomicLong candidates = new AtomicLong();
    private final AtomicLong kills = new AtomicLong();

    @Test
    void whateverHappensTheLearnerLearnsTheSame() {
        Seeds.forEach(getClass(), seed -> live(seed, Fault.NONE));
        System.out.printf("Learner, %d seeds: %d candidates, %d kills%n", Seeds.count(), candidates.get(), kills.get());
        assertTrue(candidates.get() > Seeds.count(), "candidates");
    }

    void live(long seed, Fault fault) throws Exception {
        LearnerHistory history = new LearnerHistory(seed);
        LearnerLife killed = live(history, seed + 2, true, fault);
        LearnerChecker checker = new LearnerChecker(killed, history.settings);
        checker.check();
        checker.requireSameAs(new LearnerChecker(live(history, seed + 1, false, fault), history.settings));
        candidates.addAndGet(checker.candidates());
        kills.addAndGet(killed.pace.kills());
    }

    private static LearnerLife live(LearnerHistory history, long seed, boolean isKilled, Fault fault) {
        Pace pace = new Pace(LearnerHistory.BEGIN, history.end, LearnerLife.ENDING_MILLIS, seed, isKilled);
        LearnerLife life = new LearnerLife(history.log.copy(), pace, fault, history.settings);
        life.goOnToTheEnd();
        return life;
    }
}
