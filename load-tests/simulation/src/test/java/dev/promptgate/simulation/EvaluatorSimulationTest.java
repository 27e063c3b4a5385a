package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.simulation.Invariant.BrokenException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each seed is a history, one life of evaluators that are left alone, and one of some that are killed; both must decide the same. */
class EvaluatorSimulationTest {
    private static final String COMPACTED = "killed, and decided otherwise after a compaction";

    private final GateErrors errors = new GateErrors();

    @Test
    void whateverHappensTheGateDecidesTheSameAndIsRarelyWrong() throws Exception {
        Seeds.forEach(getClass(), seed -> live(seed, Fault.NONE));
        System.out.printf("Evaluator, %d seeds%n%s", Seeds.count(), errors);
        errors.requireAsPromised();
        assertTrue(errors.seen(COMPACTED) <= 1 + Seeds.count() / 5_000, COMPACTED);
        if (Seeds.count() >= 1_000) { // each happens in some of them
            List.of("verdict rolled out", "verdict FAIL ", "verdict INCONCLUSIVE ", "verdict PASS paused", "rollback operator",
                    "rollback watch seen",
                    "command ", "refusal ", "measurement ", "killed")
                    .forEach(event -> assertTrue(errors.seen(event) > 0, event));
        }
    }

    void live(long seed, Fault fault) throws Exception {
        EvaluatorHistory history = new EvaluatorHistory(seed);
        EvaluatorLife killed = live(history, seed + 2, true, fault, new AccuracyModel(history.handWritten));
        EvaluatorChecker checker = new EvaluatorChecker(killed, history.settings);
        checker.check();
        AccuracyModel model = new AccuracyModel(history.handWritten);
        EvaluatorChecker alone = new EvaluatorChecker(live(history, seed + 1, false, fault, model), history.settings);
        requireSame(checker, alone, killed.hasLost());
        Invariant.MEMORY_GIVEN_BACK_ONCE.requireEqual(alone.measurements(), (long) model.trims(), "times that memory was given back");
        checker.count(history, errors);
        if (killed.pace.kills() > 0) {
            errors.saw("killed");
        }
    }

    /** The watch of who starts behind compaction may count an image once more that was sent again. */
    private void requireSame(EvaluatorChecker checker, EvaluatorChecker alone, boolean hasLost) throws BrokenException {
        try {
            checker.requireSameAs(alone);
        } catch (BrokenException e) {
            if (!hasLost) {
                throw e;
            }
            errors.saw(COMPACTED);
        }
    }

    private static EvaluatorLife live(EvaluatorHistory history, long seed, boolean isKilled, Fault fault, AccuracyModel model) {
        Pace pace = new Pace(EvaluatorHistory.BEGIN, history.end, EvaluatorLife.ENDING_MILLIS, seed, isKilled);
        model.onPass(() -> pace.stallOneIn(8, 3_000));
        EvaluatorLife life = new EvaluatorLife(history.log.copy(), pace, fault, history.settings, model);
        life.goOnToTheEnd();
        return life;
    }

    GateErrors errors() {
        return errors;
    }
}
