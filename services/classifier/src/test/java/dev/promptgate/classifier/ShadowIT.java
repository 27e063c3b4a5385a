package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BrokerTest
@BundledModelTest
@Timeout(180)
class ShadowIT {
    private static final List<String> CLASSES = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(6).toList();

    @Test
    void reportsHowOftenTheCandidateDisagrees(TestBroker broker, ClipModel model) throws Exception {
        try (Rollouts rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model)) {
            rollouts.rollOut(1, CLASSES);
            // Its classes are others but for one, so that it must disagree on most images.
            List<String> others = List.of(CLASSES.get(0), "zebra", "steam engine");
            rollouts.write(rollouts.topics.promptCandidates(), PromptCodec.encode(rollouts.snapshot(2, others)));
            List<String> answers = new ArrayList<>();
            try (RunningClassifier classifier = RunningClassifier
                    .start(rollouts, model, Map.of("classifier.shadow", "true", "classifier.shadow-interval", "300ms")).ready()) {
                Awaitility.await().atMost(RunningClassifier.LIMIT)
                        .until(() -> classifier.scrape().contains("promptgate_classifier_shadow_version 2.0"));
                for (SampleStream.Entry entry : SampleStream.entries().subList(0, 100)) {
                    JsonObject answer = classifier.json(classifier.post("/v1/classify?top=1", "image/jpeg", SampleStream.bytes(entry)));
                    assertEquals(1, answer.getJsonObject("prompt").getInteger("version"), "the candidate answers nobody");
                    answers.add(answer.getJsonArray("labels").getJsonObject(0).getString("label"));
                }
            }
            List<JsonObject> reports = reports(rollouts);
            long images = reports.stream().mapToLong(report -> report.getLong("images")).sum();
            long dropped = reports.stream().mapToLong(report -> report.getLong("dropped")).sum();
            assertEquals(100, images + dropped);
            long agreed = reports.stream().mapToLong(report -> report.getLong("agreed")).sum();
            long sayable = answers.stream().filter(others::contains).count();
            assertTrue(agreed <= sayable, "it can agree on the class only that both know");
            long amongLive = reports.stream().mapToLong(report -> report.getLong("agreed_among_live_classes")).sum();
            assertTrue(amongLive > agreed,
                    "among the same classes a prompt so near agrees more often: %d of %d".formatted(amongLive, images));
            long changed = reports.stream().map(report -> report.getJsonArray("changes")).flatMap(JsonArray::stream)
                    .mapToLong(change -> ((JsonObject) change).getLong("images")).sum();
            assertEquals(images - agreed, changed);
            reports.forEach(report -> assertEquals("1 2 " + model.fingerprint(),
                    report.getInteger("live_version") + " " + report.getInteger("candidate_version") + " " + report.getString("model")));
        }
    }

    @Test
    void aCandidateThatWasJudgedIsNotAsked(TestBroker broker, ClipModel model) throws Exception {
        try (Rollouts rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model)) {
            rollouts.write(rollouts.topics.promptCandidates(), PromptCodec.encode(rollouts.snapshot(2, CLASSES)));
            rollouts.rollOut(2, CLASSES);
            try (RunningClassifier classifier = RunningClassifier
                    .start(rollouts, model, Map.of("classifier.shadow", "true", "classifier.shadow-interval", "200ms")).ready()) {
                Awaitility.await().atMost(RunningClassifier.LIMIT)
                        .until(() -> classifier.scrape().contains("promptgate_classifier_shadow_version 2.0"));
                classifier.json(classifier.post("/v1/classify", "image/jpeg", SampleStream.bytes(SampleStream.entries().get(0))));
                assertTrue(classifier.scrape().contains("promptgate_classifier_shadow_images_total{agrees=\"true\"} 0.0"));
            }
            assertEquals(List.of(), reports(rollouts));
        }
    }

    private static List<JsonObject> reports(Rollouts rollouts) {
        try (TopicLog log = new TopicLog(rollouts.clients)) {
            return log.read(rollouts.topics.shadowReports()).stream().map(record -> {
                assertEquals(Rollouts.PROMPT, new String(record.key(), StandardCharsets.UTF_8));
                return new JsonObject(Buffer.buffer(record.value()));
            }).toList();
        }
    }
}
