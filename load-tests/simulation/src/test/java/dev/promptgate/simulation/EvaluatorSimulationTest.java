package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each seed is a history, one life of evaluators that are left alone, and one of some that are killed; both must decide the same. */
class EvaluatorSimulationTest {
    @Test
    void whateverHappensTheGateDecidesTheSameAndIsRarelyWrong() {
        GateErrors errors = new GateErrors();
        Seeds.forEach(getClass(), seed -> {
            EvaluatorHistory history = new EvaluatorHistory(seed);
            EvaluatorLife killed = new EvaluatorLife(history, seed + 2, true);
            EvaluatorChecker checker = new EvaluatorChecker(history, killed);
            checker.check();
            EvaluatorLife alone = new EvaluatorLife(history, seed + 1, false);
            EvaluatorChecker expected = new EvaluatorChecker(history, alone);
            checker.requireSameAs(expected);
            assertEquals(expected.measurements(), alone.model.trims(), "memory is given back once a measurement");
            checker.count(errors);
            if (killed.pace.kills() > 0) {
                errors.saw("killed");
            }
        });
        System.out.printf("Evaluator, %d seeds%n%s", Seeds.count(), errors);
        errors.requireAsPromised();
        if (Seeds.count() >= 200) { // each happens in some of them
            List.of("verdict rolled out", "verdict FAIL ", "verdict INCONCLUSIVE ", "verdict PASS paused", "rollback operator",
                    "command ", "refusal ", "measurement ", "killed")
                    .forEach(event -> assertTrue(errors.seen(event) > 0, event));
        }
    }
}
