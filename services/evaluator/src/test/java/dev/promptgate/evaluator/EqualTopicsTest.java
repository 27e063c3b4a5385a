package dev.promptgate.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GateRun.Crash;
import dev.promptgate.evaluator.GateScript.Kind;
import dev.promptgate.evaluator.GateScript.Step;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.testing.model.BundledModelTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal topics give equal events, however often the gate is taken up again in between. */
@BundledModelTest
class EqualTopicsTest {
    private final ClipModel model;

    EqualTopicsTest(ClipModel model) {
        this.model = model;
    }

    /** Rollouts and rollbacks alike: whoever reads the parts of class-embeddings sees the versions that prompt-rollouts held. */
    @ParameterizedTest
    @ValueSource(strings = {"everyday", "troubled", "watched"})
    void theEmbeddingsAreThoseOfThePromptsThatWereLive(String life) throws Exception {
        GateRun run = new GateRun(model, GateScript.of(life, model).steps(), GateScript.LOOSE, Crash.NEVER);
        List<Long> rolledOut = new ArrayList<>();
        for (byte[] rollout : run.rollouts) {
            rolledOut.add(rollout == null ? 0 : PromptCodec.decode(rollout).version());
        }
        EmbeddingsReader reader = new EmbeddingsReader(GateScript.PROMPT, PromptVerifier.off(), Optional.of(model.fingerprint()));
        List<Long> embedded = new ArrayList<>();
        Set<String> keys = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : run.embeddings) {
            Optional<ClassEmbeddings> before = reader.live();
            reader.take(record);
            if (record.value() == null ? record.key()[record.key().length - 1] == '0' : reader.live() != before) {
                embedded.add(reader.live().map(set -> set.source().version()).orElse(0L));
            }
            keys.add(new String(record.key(), StandardCharsets.UTF_8));
        }
        reader.atEnd();
        assertEquals(rolledOut, embedded);
        assertTrue(keys.size() > 1, keys.toString());
    }

    /** Of each class at most ten judge. Images, seen and unseen, of each version's comparison. */
    @Test
    void imagesOfARetiredClassLeaveTheComparison() throws Exception {
        GateRun run = new GateRun(model, GateScript.of("retired", model).steps(), GateScript.LOOSE, Crash.NEVER);
        List<String> compared = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.reports) {
            if (ReportCodec.decode(record.value()) instanceof VerdictReport verdict) {
                ComparedOn on = verdict.comparison().orElseThrow().space();
                compared.add("%d: %d, %d".formatted(verdict.ruling().candidateVersion(), on.seenImages(), on.unseenImages()));
            }
        }
        assertEquals(List.of("1: 96, 32", "2: 96, 32", "3: 110, 24", "4: 110, 24", "5: 120, 24"), compared);
    }

    @ParameterizedTest
    @CsvSource({"everyday, false", "everyday, true", "troubled, false", "troubled, true", "watched, false", "watched, true",
            "watched-paused, false", "watched-paused, true", "retired, false", "retired, true", "clock-ahead, true", "forged, false",
            "expiring, false"})
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
            assertEquals(undisturbed.embeddings.size(), disturbed.embeddings.size(), crash.toString());
            for (int i = 0; i < undisturbed.embeddings.size(); i++) {
                assertArrayEquals(undisturbed.embeddings.get(i).key(), disturbed.embeddings.get(i).key(), crash + ", embeddings " + i);
                assertArrayEquals(undisturbed.embeddings.get(i).value(), disturbed.embeddings.get(i).value(), crash + ", embeddings " + i);
            }
        }
    }
}
