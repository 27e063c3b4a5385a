package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.evidence.PromptScorer;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watch of the live prompt, rollback, cool-down, pause and the operator's commands, on a real broker with real features. */
@BrokerTest
@BundledModelTest
class WatchIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> CLASSES = EvaluatorRun.classes().subList(0, 40);

    private final TestBroker broker;
    private final ClipModel model;
    private EvaluatorRun run;
    /** Images that the hand-written prompt and the ruined one both get right, and such that the ruined one loses. */
    private List<ImageFeature> agreed;
    private List<ImageFeature> lost;

    WatchIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeAll
    void sortImages() throws Exception {
        run = new EvaluatorRun(broker, model);
        PromptScorer good = new PromptScorer(model.textEncoder(), Prompt.handWritten("default", run.handWritten()));
        PromptScorer ruined = new PromptScorer(model.textEncoder(), Prompt.handWritten("default", run.noise()));
        agreed = new ArrayList<>();
        lost = new ArrayList<>();
        for (ImageFeature image : run.images(CLASSES, Split.HELD_OUT)) {
            if (good.isRight(image.feature(), image.label(), Set.copyOf(CLASSES))) {
                (ruined.isRight(image.feature(), image.label(), Set.copyOf(CLASSES)) ? agreed : lost).add(image);
            }
        }
        List<ImageFeature> once = List.copyOf(agreed);
        agreed.addAll(EvaluatorRun.copies(once, "-again")); // enough to rule out a drop of a point
        agreed.addAll(EvaluatorRun.copies(once, "-once-more"));
        assertTrue(agreed.size() > 300 && lost.size() > 10, agreed.size() + " agreed, " + lost.size() + " lost");
    }

    @BeforeEach
    void createTopics() throws Exception {
        run = new EvaluatorRun(broker, model);
    }

    /** A prompt passes on images that do not show how bad it is, and is live. */
    private void aBadPromptGetsOut() {
        run.push(agreed);
        run.candidate(1, run.noise(), CLASSES, agreed.size());
        await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
    }

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("evaluator.min-images-per-class", "0"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @Test
    void anEstablishedRegressionRollsBackToTheLastGoodPrompt() throws Exception {
        try (ServiceHost host = run.start(settings())) {
            aBadPromptGetsOut();
            run.push(EvaluatorRun.copies(lost, "-later"));
            run.push(EvaluatorRun.copies(lost, "-still-later"));
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
            await().atMost(LIMIT)
                    .until(() -> host.registry().scrape().contains("promptgate_evaluator_rollbacks_total{cause=\"watch\"} 1.0"));
            assertEquals(0, host.registry().get(EvaluatorMeters.LIVE_VERSION.name()).gauge().value());
        }
        assertEquals(List.of(1L, 0L), run.liveVersions());
        JsonNode rollback = run.reports("rollback").get(0);
        assertTrue(rollback.path("reason").asText().startsWith("seen classes regress under watch"), rollback.path("reason").asText());
        assertEquals("watch", rollback.path("cause").asText());
        assertEquals(1, rollback.path("from").asLong());
        assertEquals(0, rollback.path("to").asLong());
    }

    @Test
    void imagesSentAgainAreNoNewEvidence() throws Exception {
        try (ServiceHost host = run.start(settings())) {
            aBadPromptGetsOut();
            for (int i = 0; i < 10; i++) {
                run.push(EvaluatorRun.copies(lost.subList(0, 5), "-later"));
            }
            run.push(EvaluatorRun.copies(agreed, "-later"));
            await().atMost(LIMIT)
                    .until(() -> host.registry().get(EvaluatorMeters.HELD_OUT.name()).gauge().value() == 2 * agreed.size() + 5);
        }
        assertEquals(List.of(1L), run.liveVersions());
    }

    @Test
    void theWatchGoesOnOverARestart() throws Exception {
        try (ServiceHost host = run.start(settings())) {
            aBadPromptGetsOut();
            run.push(EvaluatorRun.copies(lost, "-later").subList(0, 8));
            await().atMost(LIMIT).until(() -> host.registry().get(EvaluatorMeters.HELD_OUT.name()).gauge().value() == agreed.size() + 8);
            await().atMost(LIMIT).until(() -> run.reports("measurement").stream()
                    .anyMatch(m -> m.path("feature_offsets").path("0").asLong() == agreed.size() + 8));
        }
        try (ServiceHost host = run.start(settings())) {
            run.push(EvaluatorRun.copies(lost, "-later")); // 8 of them were counted before
            run.push(EvaluatorRun.copies(lost, "-still-later"));
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
        }
        String interrupted = run.reports("rollback").get(0).path("reason").asText();
        createTopics();
        try (ServiceHost host = run.start(settings())) {
            aBadPromptGetsOut();
            run.push(EvaluatorRun.copies(lost, "-later"));
            run.push(EvaluatorRun.copies(lost, "-still-later"));
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
        }
        assertEquals(run.reports("rollback").get(0).path("reason").asText(), interrupted);
    }

    @Test
    void nothingIsRolledOutDuringTheCoolDownAndWhatPassedGoesOutAfterIt() throws Exception {
        try (ServiceHost host = run.start(settings("evaluator.cool-down", "4s"))) {
            aBadPromptGetsOut();
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.empty(), 0);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
            run.candidate(2, run.handWritten(), CLASSES, agreed.size());
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
            assertEquals("cool-down", run.verdicts().get(1).path("held_by").asText());
            assertEquals(2, run.rollouts().size());
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 3);
        }
        assertEquals(List.of(1L, 0L, 2L), run.liveVersions());
        assertTrue(run.verdicts().get(2).path("rolled_out").asBoolean());
    }

    @Test
    void aPausedGateJudgesReportsAndWatchesButChangesNothing() throws Exception {
        try (ServiceHost host = run.start(settings())) {
            aBadPromptGetsOut();
            run.command(GateCommand.Action.PAUSE, OptionalLong.empty(), 0);
            await().atMost(LIMIT).until(() -> run.reports("command").size() == 1);
            run.candidate(2, run.noise(), CLASSES, agreed.size());
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
            assertEquals("paused", run.verdicts().get(1).path("held_by").asText());
            run.push(EvaluatorRun.copies(lost, "-later"));
            run.push(EvaluatorRun.copies(lost, "-still-later"));
            await().atMost(LIMIT).until(() -> run.reports("alarm").size() == 1);
            assertEquals(1, host.registry().get(EvaluatorMeters.PAUSED.name()).gauge().value());
        }
        assertEquals(List.of(1L), run.liveVersions());
        try (ServiceHost host = run.start(settings())) { // a restart keeps the pause
            run.command(GateCommand.Action.RESUME, OptionalLong.empty(), 0);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
        }
        assertEquals(List.of(1L, 0L), run.liveVersions());
        assertEquals(1, run.reports("alarm").size());
    }

    @Test
    void aResumedGateLetsOutWhatPassedMeanwhile() throws Exception {
        try (ServiceHost host = run.start(settings())) {
            run.push(agreed);
            run.command(GateCommand.Action.PAUSE, OptionalLong.empty(), 0);
            await().atMost(LIMIT).until(() -> run.reports("command").size() == 1);
            run.candidate(1, run.handWritten(), CLASSES, agreed.size());
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 1);
        }
        try (ServiceHost host = run.start(settings())) {
            run.command(GateCommand.Action.RESUME, OptionalLong.empty(), 0);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
        }
        assertEquals(List.of(1L), run.liveVersions());
        assertTrue(run.verdicts().get(1).path("final").asBoolean());
    }

    @Test
    void operatorsGoBackToAnyVersionThatWasLiveAndToNoOther() throws Exception {
        try (ServiceHost host = run.start(settings("evaluator.cool-down", "0s"))) {
            run.push(agreed);
            for (int version = 1; version <= 3; version++) {
                run.candidate(version, run.handWritten(), CLASSES, agreed.size());
            }
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 3);
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(1), 0);
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(3), 0);
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(3), 0); // it is live
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(7), 0); // it never was
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(2), 1); // expired long ago
            run.send(run.topics.gateCommands(), "{\"command\":\"explode\"}".getBytes(StandardCharsets.UTF_8));
            run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(0), 0);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 6);
            await().atMost(LIMIT)
                    .until(() -> host.registry().scrape().contains("promptgate_evaluator_commands_total{answer=\"refused\"} 4.0"));
        }
        assertEquals(List.of(1L, 2L, 3L, 1L, 3L, 0L), run.liveVersions());
        List<String> refusals = run.reports("command").stream().map(report -> report.path("reason").asText()).toList();
        assertEquals(4, refusals.size());
        assertTrue(refusals.get(0).contains("is live already") && refusals.get(1).contains("never live")
                && refusals.get(2).contains("too late")
                && refusals.get(3).contains("rollback, pause, resume, note"), refusals.toString());
        assertEquals("operator", run.reports("rollback").get(0).path("cause").asText());
        assertTrue(run.reports("rollback").get(0).path("reason").asText().contains("because"));
    }
}
