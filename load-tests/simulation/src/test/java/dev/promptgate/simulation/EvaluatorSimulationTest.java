package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each seed is a history, one life of evaluators that are left alone, and one of some that are killed; both must decide the same. */
class EvaluatorSimulationTest {
    private final GateErrors errors = new GateErrors();

    @Test
    void whateverHappensTheGateDecidesTheSameAndIsRarelyWrong() throws Exception {
        Seeds.forEach(getClass(), seed -> live(seed, Fault.NONE));
        System.out.printf("Evaluator, %d seeds%n%s", Seeds.count(), errors);
        errors.requireAsPromised();
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
        if (!killed.hasLost()) {
            checker.requireSameAs(alone);
        }
        Invariant.MEMORY_GIVEN_BACK_ONCE.requireEqual(alone.measurements(), (long) model.trims(), "times that memory was given back");
        checker.count(history, errors);
        if (killed.pace.kills() > 0) {
            errors.saw("killed");
        }
        if (killed.hasLost()) {
            errors.saw("killed, an image lost to compaction meanwhile");
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
