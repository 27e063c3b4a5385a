package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.EmbeddingsPart;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calibrated probabilities, and answers that the live prompt stands behind, by what its rollout says. */
@BrokerTest
@BundledModelTest
@Timeout(300)
class AbstentionIT {
    private static final List<String> CLASSES = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(12)
            .toList();
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));
    private static final String ASKED = "/v1/classify?top=12&abstain=true";

    private Rollouts rollouts;

    @BeforeEach
    void create(TestBroker broker, ClipModel model) throws Exception {
        rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model);
    }

    @AfterEach
    void close() {
        rollouts.close();
    }

    private static Map<String, String> verdict(String threshold) {
        return Map.of("temperature", "2.0", "threshold", threshold, "target_error", "0.05");
    }

    @Test
    void theThresholdOfTheRolloutDecides(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            JsonObject plain = classifier.json(classifier.post("/v1/classify?top=12", "image/jpeg", IMAGE));
            assertFalse(plain.containsKey("label") || plain.containsKey("reason"), plain.encode());
            JsonObject old = classifier.json(classifier.post(ASKED, "image/jpeg", IMAGE));
            assertAbstains("no-threshold", old);
            assertEquals(plain.getJsonArray("labels"), old.getJsonArray("labels"));

            rollouts.rollOut(2, CLASSES, verdict("0.01"));
            classifier.awaitVersion(2);
            JsonObject sure = classifier.json(classifier.post(ASKED, "image/jpeg", IMAGE));
            assertEquals(sure.getJsonArray("labels").getJsonObject(0).getString("label"), sure.getString("label"));
            assertFalse(sure.containsKey("reason"), sure.encode());

            rollouts.rollOut(3, CLASSES, verdict("1.0"));
            classifier.awaitVersion(3);
            assertAbstains("below-threshold", classifier.json(classifier.post(ASKED, "image/jpeg", IMAGE)));
            JsonArray batch = classifier.json(classifier.post("/v1/classify/batch?abstain=true", Multipart.TYPE,
                    new Multipart().file("a.jpg", IMAGE).file("b.jpg", new byte[] {1, 2, 3}).bytes())).getJsonArray("results");
            assertAbstains("below-threshold", batch.getJsonObject(0));
            assertFalse(batch.getJsonObject(1).containsKey("label"), batch.encode());
            String scrape = classifier.scrape();
            for (String counted : List.of("no-threshold\"} 1.0", "answered\"} 1.0", "below-threshold\"} 2.0")) {
                assertTrue(scrape.contains("promptgate_classifier_selections_total{outcome=\"" + counted), counted);
            }
        }
    }

    private static void assertAbstains(String reason, JsonObject answer) {
        assertTrue(answer.containsKey("label") && answer.getValue("label") == null, answer.encode());
        assertEquals(reason, answer.getString("reason"));
        assertFalse(answer.getJsonArray("labels").isEmpty(), answer.encode());
    }

    @Test
    void theTemperatureOfTheRolloutCalibratesAnswersAndEmbeddingsAlike(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES, verdict("0.5"));
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            classifier.awaitVersion(1);
            EmbeddingsPart part = EmbeddingsCodec.decode(classifier.http()
                    .send(classifier.get("/v1/prompt/embeddings").build(), BodyHandlers.ofByteArray()).body());
            assertEquals(model.logitScale() / 2, part.set().source().logitScale(), 1e-5);
            float[] cosines = new ClassScorer(part.textFeatures())
                    .score(model.imageEncoder().encode(List.of(model.preprocessor().preprocess(IMAGE)))[0]);
            JsonArray labels = classifier.json(classifier.post("/v1/classify?top=12", "image/jpeg", IMAGE)).getJsonArray("labels");
            JsonObject first = labels.getJsonObject(0);
            JsonObject last = labels.getJsonObject(11);
            double logOdds = model.logitScale() / 2
                    * (cosines[CLASSES.indexOf(first.getString("label"))] - cosines[CLASSES.indexOf(last.getString("label"))]);
            assertEquals(logOdds, Math.log(first.getDouble("probability") / last.getDouble("probability")), 1e-3);
            assertEquals("2.0", classifier.json(classifier.get("/v1/prompt")).getJsonObject("verdict").getString("temperature"));
        }
    }

    @Test
    void theSettingHoldsForRequestsThatSayNothing(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES, verdict("1.0"));
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.abstain", "true")).ready()) {
            classifier.awaitVersion(1);
            assertAbstains("below-threshold", classifier.json(classifier.post("/v1/classify", "image/jpeg", IMAGE)));
            for (String told : List.of("abstain=false", "class=zebra&class=lion")) {
                JsonObject answer = classifier.json(classifier.post("/v1/classify?" + told, "image/jpeg", IMAGE));
                assertFalse(answer.containsKey("label"), answer.encode());
            }
            rollouts.rollBackToHandWritten();
            classifier.awaitVersion(0);
            assertTrue(classifier.problem(409, classifier.post("/v1/classify", "image/jpeg", IMAGE)).getString("detail")
                    .contains("no classes"));
        }
    }

    @Test
    void aQuestionThatMakesNoSenseIsRefused(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES, verdict("0.5"));
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            assertTrue(classifier.problem(400, classifier.post("/v1/classify?abstain=true&class=zebra", "image/jpeg", IMAGE))
                    .getString("detail").contains("leave class out"));
            assertEquals("The parameter abstain must be true or false",
                    classifier.problem(400, classifier.post("/v1/classify?abstain=maybe", "image/jpeg", IMAGE)).getString("detail"));
        }
    }
}
