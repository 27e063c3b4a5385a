package dev.promptgate.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GateRun.Crash;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What the gate makes of records that no honest service on a right clock writes. */
@BundledModelTest
class GateFaultsTest {
    private final ClipModel model;

    GateFaultsTest(ClipModel model) {
        this.model = model;
    }

    @Test
    void aCoolDownThatBeganInTheFutureIsOverSoonAfterTheClockIsRight() throws Exception {
        GateRun run = new GateRun(model, GateScript.of("clock-ahead", model).steps(), GateScript.SLOW, Crash.NEVER);
        assertEquals(List.of(1L, 0L, 2L), rolledOut(run));
        assertEquals(1, run.registry.get(EvaluatorMeters.CLOCK_SET_BACK.name()).counter().count());
    }

    @Test
    void aCandidateOfFeaturesThatAreNotThereIsRefusedAndHoldsUpNone() throws Exception {
        GateRun run = new GateRun(model, GateScript.of("beyond-end", model).steps(), GateScript.LOOSE, Crash.NEVER);
        List<String> refusals = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.reports) {
            if (ReportCodec.decode(record.value()) instanceof RefusalReport refusal) {
                refusals.add(refusal.refused().code());
                assertTrue(refusal.refused().reason().endsWith("[its offset: 1000000, end: 224]"), refusal.refused().reason());
            }
        }
        assertEquals(List.of("beyond-end"), refusals);
        assertEquals(List.of(1L), rolledOut(run));
    }

    private static List<Long> rolledOut(GateRun run) throws Exception {
        List<Long> versions = new ArrayList<>();
        for (byte[] rollout : run.rollouts) {
            versions.add(rollout == null ? 0 : PromptCodec.decode(rollout).version());
        }
        return versions;
    }
}
