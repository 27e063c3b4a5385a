package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The evaluator on a real broker, with features of real images. */
@BrokerTest
@BundledModelTest
class EvaluatorIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> CLASSES = EvaluatorRun.classes();

    private final TestBroker broker;
    private final ClipModel model;
    private EvaluatorRun run;

    EvaluatorIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeEach
    void createTopics() throws Exception {
        run = new EvaluatorRun(broker, model);
    }

    @Test
    void anEqualPromptPassesAndIsRolledOut() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        run.push(run.images(CLASSES.subList(40, 50), Split.PROBE));
        Context handWritten = run.handWritten();
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, handWritten, CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_live_version 1.0"));
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_live_classes 40.0"));
            assertTrue(host.registry().scrape().contains("promptgate_evaluator_prompt{prompt_name=\"default\"} 1.0"));
        }
        JsonNode report = run.verdicts().get(0);
        assertEquals("pass", report.path("outcome").asText());
        assertEquals(320, report.path("images").path("seen").asInt());
        assertEquals(80, report.path("images").path("unseen").asInt());
        assertEquals(report.path("zero_shot"), report.path("candidate"));
        Prompt rollout = PromptCodec.decode(run.rollouts().get(0).value());
        assertArrayEquals(handWritten.values(), rollout.context().values());
        assertEquals("pass", rollout.metadata().verdict().get("outcome"));
        assertEquals("default", new String(run.rollouts().get(0).key(), StandardCharsets.UTF_8));
    }

    @Test
    void aRuinedPromptFailsAndIsNotRolledOut() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        run.push(run.images(CLASSES.subList(40, 50), Split.PROBE));
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.noise(), CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> !run.verdicts().isEmpty());
            await().atMost(LIMIT)
                    .until(() -> host.registry().scrape().contains("promptgate_evaluator_verdicts_total{outcome=\"fail\"} 1.0"));
        }
        assertEquals("fail", run.verdicts().get(0).path("outcome").asText());
        assertTrue(run.verdicts().get(0).path("reason").asText().startsWith("seen classes regress"),
                run.verdicts().get(0).path("reason").asText());
        assertEquals(0, run.rollouts().size());
        theReportSaysWhichImagesChangedTheirAnswerAndWhatTheLivePromptTakesClassesFor(run.verdicts().get(0));
    }

    private void theReportSaysWhichImagesChangedTheirAnswerAndWhatTheLivePromptTakesClassesFor(JsonNode report) throws Exception {
        JsonNode changed = report.path("changed");
        assertEquals(report.path("joint_paired").path("only_other_right").asInt(), changed.path("lost_total").asInt());
        assertEquals(report.path("joint_paired").path("only_candidate_right").asInt(), changed.path("won_total").asInt());
        assertTrue(changed.path("lost_total").asInt() > 10, "a ruined prompt loses some: " + changed);
        assertEquals(Math.min(50, changed.path("lost_total").asInt()), changed.path("lost").size());
        assertEquals(changed.path("won_total").asInt(), changed.path("won").size());
        Map<String, ImageFeature> pushed = new HashMap<>();
        run.images(CLASSES.subList(0, 40), Split.HELD_OUT).forEach(image -> pushed.put(image.imageId(), image));
        run.images(CLASSES.subList(40, 50), Split.PROBE).forEach(image -> pushed.put(image.imageId(), image));
        for (JsonNode lost : changed.path("lost")) {
            ImageFeature image = pushed.get(lost.path("id").asText());
            assertEquals(image.label(), lost.path("label").asText());
            assertEquals(image.label(), lost.path("live_answer").asText());
            assertTrue(CLASSES.subList(0, 50).contains(lost.path("candidate_answer").asText())
                    && !lost.path("candidate_answer").asText().equals(image.label()), lost.toString());
            assertEquals(image.source(), new SourcePosition(lost.path("partition").asInt(), lost.path("offset").asLong()));
        }
        Map<String, Integer> rights = new HashMap<>();
        int images = 0;
        for (JsonNode cell : report.path("confusion")) {
            images += cell.path(2).asInt();
            rights.merge(cell.path(0).asText(), cell.path(0).equals(cell.path(1)) ? cell.path(2).asInt() : 0, Integer::sum);
        }
        assertEquals(400, images);
        assertEquals(50, report.path("per_class").size());
        int right = 0;
        for (JsonNode row : report.path("per_class")) {
            assertEquals(rights.get(row.path(0).asText()), row.path(2).asInt(), row.toString());
            assertEquals(CLASSES.indexOf(row.path(0).asText()) < 40, row.path(1).asBoolean(), row.toString());
            assertEquals(8, row.path(3).asInt(), row.toString());
            right += row.path(2).asInt();
        }
        assertEquals(report.path("live").path("joint").asDouble(), right / 400.0, 1e-9);
    }

    @Test
    void tooFewImagesWaitForMore() throws Exception {
        List<ImageFeature> all = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        run.push(all.subList(0, 80));
        Map<String, String> settings = new HashMap<>();
        settings.put("evaluator.recheck-images", "240");
        settings.put("evaluator.min-images-per-class", "0");
        try (ServiceHost host = run.start(settings)) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 80);
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 1);
            assertEquals("inconclusive", run.verdicts().get(0).path("outcome").asText());
            assertFalse(run.verdicts().get(0).path("final").asBoolean());
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_inconclusive 1.0"));
            assertTrue(host.registry().get(EvaluatorMeters.INCONCLUSIVE_AGE.name()).gauge().value() > 0);
            run.push(all.subList(80, all.size()));
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_inconclusive 0.0"));
            assertEquals(0, host.registry().get(EvaluatorMeters.INCONCLUSIVE_AGE.name()).gauge().value());
        }
        assertEquals("pass", run.verdicts().get(1).path("outcome").asText());
        assertEquals(1, run.rollouts().size());
    }

    @Test
    void whatCannotBeJudgedIsRefusedAndTheStreamGoesOn() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        Context handWritten = run.handWritten();
        try (ServiceHost host = run.start(Map.of())) {
            byte[] good = PromptCodec.encode(run.snapshot(1, handWritten, CLASSES.subList(0, 40), 320));
            run.send(run.topics.promptCandidates(),
                    PromptCodec.encode(ofOtherModel(run.snapshot(1, handWritten, CLASSES.subList(0, 40), 320))));
            run.send(run.topics.promptCandidates(), Arrays.copyOf(good, good.length - 3));
            float[] values = handWritten.values().clone();
            values[5] = Float.NaN;
            run.send(run.topics.promptCandidates(),
                    PromptCodec.encode(run.snapshot(1, handWritten.withValues(values), CLASSES.subList(0, 40), 320)));
            run.send(run.topics.promptCandidates(),
                    PromptCodec.encode(
                            run.snapshot(1, new Context(2, handWritten.width(), new float[2 * handWritten.width()]), CLASSES.subList(0, 40),
                                    320)));
            run.send(run.topics.promptCandidates(), PromptCodec.encode(run.snapshot(1, handWritten, List.of("<|endoftext|>"), 320)));
            run.send(run.topics.promptCandidates(), PromptCodec.encode(run.snapshot(1L << 53, handWritten, CLASSES.subList(0, 40), 320)));
            run.send(run.topics.promptCandidates(), good);
            run.send(run.topics.promptCandidates(), good); // delivered twice
            await().atMost(LIMIT).until(() -> run.reports("refusal").size() == 7);
            await().atMost(LIMIT).until(() -> !run.verdicts().isEmpty());
        }
        assertEquals(List.of("other-model", "unreadable", "unreadable", "wrong-shape", "bad-classes", "leaping-version",
                "repeated-version"),
                run.reports("refusal").stream().map(report -> report.path("refusal").asText()).toList());
        assertEquals("pass", run.verdicts().get(0).path("outcome").asText());
    }

    @Test
    void aRestartJudgesNothingTwiceAndKnowsTheLivePrompt() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        run.push(run.images(CLASSES.subList(40, 50), Split.PROBE));
        Context handWritten = run.handWritten();
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, handWritten, CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
        }
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(2, run.noise(), CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> run.verdicts().size() >= 2);
        }
        assertEquals(2, run.verdicts().size());
        assertEquals(1, run.verdicts().get(1).path("live_version").asLong());
        assertEquals("fail", run.verdicts().get(1).path("outcome").asText());
    }

    @Test
    void theSameTopicsGiveTheSameFigures() throws Exception {
        List<JsonNode> reports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            createTopics();
            run.push(run.images(CLASSES.subList(0, 30), Split.HELD_OUT));
            run.push(run.images(CLASSES.subList(30, 40), Split.PROBE));
            try (ServiceHost host = run.start(Map.of())) {
                run.candidate(1, run.noise(), CLASSES.subList(0, 30), 100); // a horizon within what is there: the rest does not count
                await().atMost(LIMIT).until(() -> !run.verdicts().isEmpty());
            }
            reports.add(run.verdicts().get(0));
        }
        for (String key : new String[] {"outcome", "reason", "candidate", "live", "tests", "images"}) {
            assertEquals(reports.get(0).path(key), reports.get(1).path(key), key);
        }
        assertEquals(100, reports.get(0).path("images").path("seen").asInt() + reports.get(0).path("images").path("unseen").asInt());
    }

    @Test
    void repeatedRelabelledAndWithdrawnImagesCountOnceAndInTheirLastPlace() throws Exception {
        List<ImageFeature> images = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        run.push(images);
        run.push(images); // twice
        ImageFeature relabelled = images.get(0);
        run.push(List.of(new ImageFeature(relabelled.imageId(), CLASSES.get(1), Split.HELD_OUT, relabelled.modelFingerprint(),
                relabelled.feature(), 0, relabelled.source())));
        ImageFeature trained = images.get(1);
        run.push(List.of(new ImageFeature(trained.imageId(), trained.label(), Split.TRAIN, trained.modelFingerprint(), trained.feature(), 0,
                trained.source())));
        // deleted
        run.send(new ProducerRecord<>(run.topics.imageFeatures(), images.get(2).imageId().getBytes(StandardCharsets.UTF_8), null));
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 643);
            run.candidate(2, run.handWritten(), CLASSES.subList(0, 40), 643);
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
        }
        assertEquals(318, run.verdicts().get(0).path("images").path("seen").asInt());
        assertEquals(run.verdicts().get(0).path("zero_shot"), run.verdicts().get(1).path("zero_shot"));
    }

    @Test
    void aLabelThatFitsNoPromptIsPassedOver() throws Exception {
        List<ImageFeature> images = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        ImageFeature first = images.get(0);
        run.push(List.of(new ImageFeature("long", "1 ".repeat(100).strip(), Split.HELD_OUT, model.fingerprint(), first.feature(), 0,
                first.source())));
        run.push(images);
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 321);
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 1);
            assertEquals(1, host.registry().get(EvaluatorMeters.SKIPPED.name()).counter().count());
        }
        assertEquals(320, run.verdicts().get(0).path("images").path("seen").asInt());
    }

    @Test
    void aCandidateIsJudgedByTheImagesAsTheyStoodAtItsHorizon() throws Exception {
        List<ImageFeature> images = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        run.push(images);
        run.push(images.subList(0, 100).stream()
                .map(f -> new ImageFeature(f.imageId(), CLASSES.get(50), Split.HELD_OUT, f.modelFingerprint(), f.feature(), 0, f.source()))
                .toList());
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 320);
            run.candidate(2, run.handWritten(), CLASSES.subList(0, 40), 420);
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
        }
        assertEquals(320, run.verdicts().get(0).path("images").path("seen").asInt());
        assertEquals(220, run.verdicts().get(1).path("images").path("seen").asInt());
        assertEquals(100, run.verdicts().get(1).path("images").path("unseen").asInt(),
                "a class that no candidate was trained on is unseen");
    }

    @Test
    void aForeignRecordInTheConfigTopicIsPutRightAtOnceAndAtTheNextStart() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 320);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
            run.send(new ProducerRecord<>(run.topics.promptRollouts(), "default".getBytes(StandardCharsets.UTF_8), null));
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 3);
            await().atMost(LIMIT).until(() -> host.registry().get(EvaluatorMeters.REPAIRS.name()).counter().count() == 1);
        }
        run.send(run.topics.promptRollouts(), PromptCodec.encode(run.snapshot(9, run.noise(), CLASSES.subList(0, 40), 320)));
        try (ServiceHost host = run.start(Map.of())) {
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 5);
            run.send(new ProducerRecord<>(run.topics.classEmbeddings(), "default/0".getBytes(StandardCharsets.UTF_8), null));
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 6);
        }
        assertEquals(List.of(1L, 0L, 1L, 9L, 1L, 1L), run.liveVersions());
        assertTrue(run.reports("repair").get(2).path("reason").asText().startsWith("class-embeddings holds nothing"),
                run.reports("repair").toString());
        assertEquals(1, run.embeddings().orElseThrow().source().version());
        assertTrue(run.reports("repair").get(1).path("reason").asText().contains("version 9"), run.reports("repair").toString());
    }

    private static Prompt ofOtherModel(Prompt snapshot) {
        PromptMetadata m = snapshot.metadata();
        return new Prompt(snapshot.context(),
                new PromptMetadata(m.prompt(), m.version(), m.parent(), "sha256:other", m.createdAt(),
                        new PromptMetadata.Origin(m.classes(), m.contextInit(), m.training(), m.featureOffsets(), m.readyAt()),
                        m.verdict()));
    }
}
