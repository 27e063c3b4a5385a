package dev.promptgate.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GateRun.Crash;
import dev.promptgate.evaluator.GateScript.Kind;
import dev.promptgate.evaluator.GateScript.Step;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Equal topics give equal events, however often the gate is taken up again in between. */
@BundledModelTest
class EqualTopicsTest {
    private final ClipModel model;

    EqualTopicsTest(ClipModel model) {
        this.model = model;
    }

    @ParameterizedTest
    @CsvSource({"everyday, false", "everyday, true", "troubled, false", "troubled, true", "watched, false", "watched, true",
            "watched-paused, false", "watched-paused, true"})
    void aGateThatIsTakenUpAgainReportsWhatOneReportsThatIsLeftAlone(String life, boolean isSlow) {
        Map<String, String> settings = isSlow ? GateScript.SLOW : GateScript.LOOSE;
        // Measurements and repairs are prompted by the clock and by others, between any two records.
        List<Step> steps = GateScript.of(life, model).steps().stream()
                .filter(step -> step.kind() != Kind.MEASURE && step.kind() != Kind.ROLLOUT).toList();
        GateRun undisturbed = new GateRun(model, steps, settings, Crash.NEVER);
        assertTrue(undisturbed.reports.size() > 2);
        for (Crash crash : List.of(Crash.AFTER_WRITING, Crash.BEFORE_WRITING, Crash.BETWEEN_STEPS)) {
            GateRun disturbed = new GateRun(model, steps, settings, crash);
            assertTrue(disturbed.starts() > 3, crash + ": " + disturbed.starts());
            for (int i = 0; i < Math.min(undisturbed.reports.size(), disturbed.reports.size()); i++) {
                assertEquals(undisturbed.reported().get(i), disturbed.reported().get(i), crash + ", report " + i);
            }
            assertEquals(undisturbed.reports.size(), disturbed.reports.size(), crash.toString());
            assertEquals(undisturbed.rollouts.size(), disturbed.rollouts.size(), crash.toString());
            for (int i = 0; i < undisturbed.rollouts.size(); i++) {
                assertArrayEquals(undisturbed.rollouts.get(i), disturbed.rollouts.get(i), crash + ", rollout " + i);
            }
        }
    }
}
