package dev.promptgate.history.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.Head;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Replacement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolloutsAsReportedTest {
    private static final EvaluationReport FIRST = PromptsTest.rolledOut(1);
    private static final EvaluationReport THIRD = PromptsTest.rolledOut(3);
    private static final EvaluationReport BACK = replaced(Kind.ROLLBACK, 3, 1);

    private static EvaluationReport replaced(Kind kind, long from, long to) {
        return new ReplacementReport(kind, new Head("default", 1, from), Optional.empty(), new Replacement(Cause.WATCH, from, to, "why"),
                new GateAfter(MissingNode.getInstance(), Optional.empty(), false, 0, MissingNode.getInstance()));
    }

    /** Versions in prompt-rollouts, which are 0 for the hand-written prompt; its ends at the begin and at the end, −1 for unsettled. */
    private static Finding finding(List<Long> rollouts, List<EvaluationReport> reports, long... ends) {
        PrimitiveIterator.OfLong end = LongStream.of(ends).iterator();
        RolloutsAsReported invariant = new RolloutsAsReported(() -> {
            long next = end.nextLong();
            return next < 0 ? OptionalLong.empty() : OptionalLong.of(next);
        });
        invariant.begin(new CommittedOffsets(Map.of()));
        for (int i = 0; i < rollouts.size(); i++) {
            Optional<Prompt> live = rollouts.get(i) == 0 ? Optional.empty() : Optional.of(PromptsTest.prompt(rollouts.get(i), 1));
            invariant.rollout(new Place("prompt-rollouts", 0, i), live);
        }
        for (int i = 0; i < reports.size(); i++) {
            invariant.report(new Place("evaluation-reports", 0, i), reports.get(i));
        }
        return invariant.finish();
    }

    @Test
    void theLastChangeIsWhatIsThereWhateverIsCompacted() {
        assertTrue(finding(List.of(1L, 3L), List.of(FIRST, THIRD), 2, 2).holds());
        assertTrue(finding(List.of(1L), List.of(FIRST, THIRD, BACK, replaced(Kind.ALARM, 1, 0)), 2, 2).holds());
        assertTrue(finding(List.of(0L), List.of(FIRST, replaced(Kind.ROLLBACK, 1, 0)), 2, 2).holds());
        assertTrue(finding(List.of(), List.of(FIRST, replaced(Kind.ROLLBACK, 1, 0)), 2, 2).holds(), "a null value goes in time");
    }

    @Test
    void aReportWithoutItsRolloutIsNamed() {
        assertEquals(List.of("evaluation-reports-0@0 says that version 1 is live, but prompt-rollouts ends with no record"),
                finding(List.of(), List.of(FIRST), 2, 2).examples());
        assertEquals(List.of("evaluation-reports-0@2 says that version 1 is live, but prompt-rollouts ends with version 3 "
                + "(prompt-rollouts-0@1)"), finding(List.of(1L, 3L), List.of(FIRST, THIRD, BACK), 2, 2).examples());
    }

    @Test
    void aRolloutWithoutItsReportIsNamed() {
        assertEquals(1, finding(List.of(1L, 3L, 1L), List.of(FIRST, THIRD), 3, 3).violations());
    }

    @Test
    void whatChangesMeanwhileIsNotChecked() {
        for (long[] ends : new long[][] {{2, 3}, {-1, 2}, {2, -1}}) {
            Finding finding = finding(List.of(1L), List.of(FIRST, THIRD), ends);
            assertTrue(finding.holds() && finding.checked() == 0, finding.toString());
        }
    }
}
