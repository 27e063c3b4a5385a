package dev.promptgate.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GateRun.Crash;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.gate.Gate;
import dev.promptgate.evaluator.gate.GateInput;
import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.gate.PromptStack;
import dev.promptgate.evaluator.gate.TrackRecord;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.testing.model.BundledModelTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void candidatesWithNumbersThatLeapAreRefusedAndStandInNobodysWay() throws Exception {
        GateRun run = new GateRun(model, GateScript.of("forged", model).steps(), GateScript.LOOSE, Crash.AFTER_WRITING);
        List<String> refusals = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.reports) {
            if (ReportCodec.decode(record.value()) instanceof RefusalReport refusal) {
                refusals.add(refusal.refused().code() + refusal.refused().reason().replaceFirst(".*\\[", " ["));
            }
        }
        assertEquals(List.of("leaping-version [version: 9007199254740992, offset: 0]", "beyond-end [its offset: 1000000, end: 228]",
                "leaping-version [version: 1000005, offset: 3]"), refusals);
        assertEquals(List.of(1L, 2L, 1L), rolledOut(run));
        float[] honest = model.textEncoder().contextFrom(EvaluatorRun.WORDS).values();
        for (byte[] rollout : run.rollouts) {
            assertArrayEquals(honest, PromptCodec.decode(rollout).context().values());
        }
    }

    @Test
    void aStateWithAVersionThatLeapsIsGoneOnFrom() {
        GateSnapshot initial = GateSnapshot.initial("model");
        Prompt handWritten = Prompt.handWritten("default", model.textEncoder().contextFrom(EvaluatorRun.WORDS));
        GateState state = new GateState(new GateState.Limits(Duration.ZERO, Duration.ZERO, 1, new WatchSettings(0.01, 0.03, 0.99, 100)),
                new GateSnapshot(initial.identity(), new GateSnapshot.Progress(0, 0, 5, 0, 1L << 53, 0, 0), initial.rollouts(), List.of(),
                        initial.brake(), null, initial.prequential()),
                TrackRecord.Waves.NONE, new GateState.Prompts(new PromptStack(handWritten), List.of(), Optional.empty()));
        Gate gate = new Gate(GateSettings.DEFAULT, 1, 0.05, 1, model, version -> Optional.empty());
        for (long version : new long[] {5, 5, 6}) {
            Prompt prompt = new Prompt(handWritten.context(), new PromptMetadata("default", version, 0, "model", 0,
                    handWritten.metadata().origin(), Map.of()));
            gate.decide(state, new GateInput.NewCandidate(prompt, 4 + version, 0)).forEach(state::apply);
        }
        assertEquals(6, state.progress().lastVersion());
        assertEquals(2, state.docket().unjudged());
    }

    @Test
    void aCommandExpiresByTheTimeOfItsRecordWhateverTheClockSays() throws Exception {
        GateRun run = new GateRun(model, GateScript.of("expiring", model).steps(), GateScript.LOOSE, Crash.NEVER);
        assertEquals(List.of(1L, 2L, 1L), rolledOut(run));
        String last = run.reported().get(run.reports.size() - 1);
        assertTrue(last.contains("too late") && last.contains("[expired: 2023-11-1"), last);
    }

    private static List<Long> rolledOut(GateRun run) throws Exception {
        List<Long> versions = new ArrayList<>();
        for (byte[] rollout : run.rollouts) {
            versions.add(rollout == null ? 0 : PromptCodec.decode(rollout).version());
        }
        return versions;
    }
}
