package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@BrokerTest
@BundledModelTest
@Timeout(300)
class ClassifierIT {
    private static final List<SampleStream.Entry> ENTRIES = SampleStream.entries();
    private static final List<String> CLASSES = ENTRIES.stream().map(SampleStream.Entry::label).distinct().limit(12).toList();
    private static final SampleStream.Entry ENTRY = ENTRIES.get(0);
    private static final byte[] IMAGE = SampleStream.bytes(ENTRY);

    private Rollouts rollouts;

    @BeforeEach
    void create(TestBroker broker, ClipModel model) throws Exception {
        rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model);
    }

    @AfterEach
    void close() {
        rollouts.close();
    }

    private static List<String> labels(JsonArray labels) {
        return labels.stream().map(label -> ((JsonObject) label).getString("label")).toList();
    }

    /** As the model itself would answer. */
    private static void assertIsTheModelsAnswer(ClipModel model, Prompt snapshot, List<String> classes, JsonArray labels)
            throws Exception {
        float[] image = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(IMAGE)))[0];
        float[][] text = model.textEncoder().features(snapshot.context(),
                model.textEncoder().prompts(classes, snapshot.context().tokens()));
        double[] likelihoods = new double[classes.size()];
        double sum = 0;
        for (int c = 0; c < likelihoods.length; c++) {
            double logit = 0;
            for (int i = 0; i < image.length; i++) {
                logit += (double) image[i] * text[c][i];
            }
            likelihoods[c] = Math.exp(model.logitScale() * logit);
            sum += likelihoods[c];
        }
        double before = 1;
        for (Object each : labels) {
            JsonObject label = (JsonObject) each;
            double probability = label.getDouble("probability");
            assertEquals(likelihoods[classes.indexOf(label.getString("label"))] / sum, probability, 1e-4, label.encode());
            assertTrue(probability <= before, "likeliest first");
            before = probability;
        }
    }

    @Test
    void answersWithTheLivePromptAndHotSwaps(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            HttpResponse<String> response = classifier.send(classifier.post("/v1/classify?top=3", "image/jpeg", IMAGE));
            assertEquals(200, response.statusCode(), response::body);
            assertEquals("1", response.headers().firstValue("X-Prompt-Version").orElseThrow());
            JsonObject answer = new JsonObject(response.body());
            assertEquals(new JsonObject().put("name", "default").put("version", 1), answer.getJsonObject("prompt"));
            assertEquals(model.fingerprint(), answer.getString("model"));
            assertEquals(3, answer.getJsonArray("labels").size());
            assertIsTheModelsAnswer(model, rollouts.snapshot(1, CLASSES), CLASSES, answer.getJsonArray("labels"));

            List<String> more = new ArrayList<>(CLASSES);
            more.add("purple hedgehog");
            rollouts.rollOut(2, more);
            classifier.awaitVersion(2);
            JsonObject after = classifier.json(classifier.post("/v1/classify?top=13", "application/octet-stream", IMAGE));
            assertEquals(2, after.getJsonObject("prompt").getInteger("version"));
            assertTrue(labels(after.getJsonArray("labels")).contains("purple hedgehog"));
            assertIsTheModelsAnswer(model, rollouts.snapshot(2, more), more, after.getJsonArray("labels"));
            assertTrue(classifier.scrape().contains("promptgate_classifier_live_version 2.0"));
            assertTrue(classifier.scrape().contains("promptgate_classifier_images_total 2.0"));
        }
    }

    @Test
    void tellsThePromptAndItsClasses(ClipModel model) throws Exception {
        long before = System.currentTimeMillis();
        rollouts.rollOut(7, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            JsonObject prompt = classifier.json(classifier.get("/v1/prompt"));
            assertEquals(7, prompt.getInteger("version"));
            assertEquals(CLASSES.size(), prompt.getInteger("classes"));
            assertEquals("a photo of a", prompt.getString("context_init"));
            assertTrue(prompt.getLong("since") >= before - 1000 && prompt.getLong("since") <= System.currentTimeMillis() + 1000);
            assertEquals(new JsonObject().put("version", 7).put("classes", new JsonArray(CLASSES)),
                    classifier.json(classifier.get("/v1/classes")));
        }
    }

    @Test
    void givesItsClassifierToWhoHasNotGotItYet(ClipModel model, @TempDir Path directory) throws Exception {
        Path more = Files.writeString(directory.resolve("classes.txt"), "purple hedgehog\n");
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.classes", more.toString()))
                .ready()) {
            RunningClassifier.problem(404, classifier.send(classifier.get("/v1/prompt/embeddings")));
            rollouts.rollOut(7, CLASSES);
            classifier.awaitVersion(7);
            HttpResponse<byte[]> response = classifier.http().send(classifier.get("/v1/prompt/embeddings").build(),
                    BodyHandlers.ofByteArray());
            assertEquals(200, response.statusCode());
            assertEquals("7", response.headers().firstValue("X-Prompt-Version").orElseThrow());
            // As the evaluator makes them, bit for bit, classes of the file or not.
            ClassEmbeddings expected = ClassEmbeddings.of(rollouts.snapshot(7, CLASSES), model);
            assertArrayEquals(EmbeddingsCodec.encode(expected, EmbeddingType.FLOAT32), response.body());
            String etag = response.headers().firstValue("ETag").orElseThrow();
            assertEquals("\"7-" + model.fingerprint() + "\"", etag);
            for (String known : List.of(etag, "\"x\", " + etag, "W/" + etag)) {
                HttpResponse<String> same = classifier.send(classifier.get("/v1/prompt/embeddings").header("If-None-Match", known));
                assertEquals(304, same.statusCode(), known);
                assertEquals("", same.body());
            }
            rollouts.rollOut(8, CLASSES);
            classifier.awaitVersion(8);
            HttpResponse<byte[]> next = classifier.http().send(
                    classifier.get("/v1/prompt/embeddings").header("If-None-Match", etag).build(), BodyHandlers.ofByteArray());
            assertEquals(200, next.statusCode());
            assertEquals(8, EmbeddingsCodec.decode(next.body()).set().source().version());
        }
    }

    @Test
    void aFormCarriesImageAndParameters(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            JsonObject plain = classifier.json(classifier.post("/v1/classify?top=2&class=zebra&class=red%20apple", "image/jpeg", IMAGE));
            JsonObject form = classifier.json(classifier.post("/v1/classify", Multipart.TYPE,
                    new Multipart().field("top", "2").field("class", "zebra").field("class", "red apple").file("a.jpg", IMAGE).bytes()));
            assertEquals(labels(plain.getJsonArray("labels")), labels(form.getJsonArray("labels")));
            assertIsTheModelsAnswer(model, rollouts.snapshot(1, CLASSES), List.of("zebra", "red apple"), form.getJsonArray("labels"));
        }
    }

    @Test
    void theHandWrittenPromptAnswersBesideIfAsked(ClipModel model) throws Exception {
        rollouts.rollOut(5, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            JsonObject answer = classifier.json(classifier.post("/v1/classify?zero_shot=true&top=12", "image/jpeg", IMAGE));
            Prompt live = rollouts.snapshot(5, CLASSES);
            assertIsTheModelsAnswer(model, live, CLASSES, answer.getJsonArray("labels"));
            assertIsTheModelsAnswer(model, new Prompt(model.textEncoder().contextFrom("a photo of a"), live.metadata()), CLASSES,
                    answer.getJsonArray("zero_shot"));
            assertNull(classifier.json(classifier.post("/v1/classify?top=12", "image/jpeg", IMAGE)).getJsonArray("zero_shot"));
        }
    }

    @Test
    void aBatchIsAnsweredByOnePromptAndABadImageAlone(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            byte[] form = new Multipart().file("a.jpg", IMAGE).file("b.jpg", new byte[] {1, 2, 3})
                    .file("c.jpg", SampleStream.bytes(ENTRIES.get(50))).bytes();
            JsonObject answer = classifier.json(classifier.post("/v1/classify/batch?top=1", Multipart.TYPE, form));
            JsonArray results = answer.getJsonArray("results");
            assertEquals(List.of("a.jpg", "b.jpg", "c.jpg"),
                    results.stream().map(result -> ((JsonObject) result).getString("name")).toList());
            assertEquals(1, results.getJsonObject(0).getJsonArray("labels").size());
            assertEquals(415, results.getJsonObject(1).getJsonObject("error").getInteger("status"));
            assertEquals(1, results.getJsonObject(2).getJsonArray("labels").size());
            assertEquals(1, answer.getJsonObject("prompt").getInteger("version"));
        }
    }

    @Test
    void withoutClassesItSaysSoAndOpenVocabularyWorks(ClipModel model) throws Exception {
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            HttpResponse<String> refused = classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE));
            RunningClassifier.problem(409, refused);
            assertEquals("0", refused.headers().firstValue("X-Prompt-Version").orElseThrow());
            JsonObject answer = classifier.json(classifier.post(
                    "/v1/classify?class=" + URLEncoder.encode(ENTRY.label(), StandardCharsets.UTF_8) + "&class=a%20steam%20engine",
                    "image/jpeg", IMAGE));
            assertEquals(2, answer.getJsonArray("labels").size());
            assertNull(classifier.json(classifier.get("/v1/prompt")).getLong("since"));
        }
    }

    @Test
    void classesOfAFileAreThereBesideThePrompts(ClipModel model, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("classes.txt"), "# mine\nzebra\n\n" + CLASSES.get(0) + "\nsteam engine\n");
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.classes", file.toString()))
                .ready()) {
            assertEquals(List.of("zebra", CLASSES.get(0), "steam engine"),
                    classifier.json(classifier.get("/v1/classes")).getJsonArray("classes").getList());
            rollouts.rollOut(1, CLASSES);
            classifier.awaitVersion(1);
            List<String> all = new ArrayList<>(CLASSES);
            all.addAll(List.of("zebra", "steam engine"));
            assertEquals(all, classifier.json(classifier.get("/v1/classes")).getJsonArray("classes").getList());
            rollouts.rollBackToHandWritten();
            classifier.awaitVersion(0);
            assertEquals(3, classifier.json(classifier.post("/v1/classify", "image/jpeg", IMAGE)).getJsonArray("labels").size());
        }
        Path bad = Files.writeString(directory.resolve("bad.txt"), "zebra\nx<|endoftext|>\n" + "very ".repeat(80) + "long\n");
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> RunningClassifier.start(rollouts, model, Map.of("classifier.classes", bad.toString())));
        assertTrue(e.getMessage().contains("line: 2") && e.getMessage().contains("line: 3"), e.getMessage());
    }

    /** Saved by a program that puts a byte order mark before it. */
    @Test
    void namesOfAFileThatWouldBeTheSamePromptAreRefusedOrLeftToTheLivePrompt(ClipModel model, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("classes.txt"), "\uFEFFdog\ncat\nred_apple\ndog\nDog\n");
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> RunningClassifier.start(rollouts, model, Map.of("classifier.classes", file.toString())));
        assertTrue(e.getMessage().contains("Classes would be the same prompt; keep one of them [classes: \"Dog\", \"dog\", setting: "
                + "classifier.classes, file: " + file), e.getMessage());
        Files.writeString(file, "\uFEFFDog\r\ncat\r\n");
        rollouts.rollOut(1, List.of("dog", "red apple"));
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.classes", file.toString()))) {
            classifier.ready().awaitVersion(1);
            assertEquals(List.of("dog", "red apple", "cat"),
                    classifier.json(classifier.get("/v1/classes")).getJsonArray("classes").getList());
        }
    }

    @Test
    void aRecordThatCannotBeUsedChangesNothing(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of()).ready()) {
            rollouts.write(rollouts.topics.promptRollouts(), new byte[] {1, 2, 3});
            Awaitility.await().atMost(RunningClassifier.LIMIT)
                    .until(() -> classifier.scrape().contains("promptgate_classifier_refused_total{reason=\"unreadable\"} 1.0"));
            assertEquals(1,
                    classifier.json(classifier.post("/v1/classify", "image/jpeg", IMAGE)).getJsonObject("prompt").getInteger("version"));
        }
    }

    @Test
    void theTokenIsNeededForEverythingButTheDocument(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        try (RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("api.token", "s3cret-token"))) {
            RunningClassifier.problem(401, classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE)));
            RunningClassifier.problem(401, classifier.send(classifier.get("/v1/prompt").header("Authorization", "Bearer wrong")));
            assertEquals(200, classifier.send(classifier.get("/v1/openapi.json")).statusCode());
            Awaitility.await().atMost(RunningClassifier.LIMIT).until(
                    () -> classifier.send(classifier.get("/v1/prompt").header("Authorization", "Bearer s3cret-token")).statusCode() == 200);
            assertEquals(200,
                    classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE).header("Authorization", "Bearer s3cret-token"))
                            .statusCode());
        }
    }

    @Test
    void stoppingAnswersWhatIsInHand(ClipModel model) throws Exception {
        rollouts.rollOut(1, CLASSES);
        // A batch that waits for long, so that the requests are in hand when the stop comes.
        RunningClassifier classifier = RunningClassifier.start(rollouts, model, Map.of("classifier.batch-delay", "2s")).ready();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(classifier.http().sendAsync(classifier.post("/v1/classify", "image/jpeg", IMAGE).build(), BodyHandlers.ofString()));
        }
        Awaitility.await().atMost(RunningClassifier.LIMIT).until(() -> classifier.scrape().contains("promptgate_classifier_in_flight 5.0"));
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(classifier::close);
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertEquals(200, answer.get(60, TimeUnit.SECONDS).statusCode());
        }
        stopped.get(60, TimeUnit.SECONDS);
        assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(
                thread -> thread.getName().startsWith("promptgate-classifier") || thread.getName().startsWith("promptgate-follow")));
    }

    @Test
    void nothingIsAnsweredBeforeTheLivePromptIsKnown(ClipModel model, TestBroker broker) throws Exception {
        // The topic under this prefix is not there, so it cannot be read.
        try (RunningClassifier classifier = RunningClassifier.start(rollouts.clients, new TopicNames(broker.uniquePrefix()), model,
                Map.of())) {
            HttpResponse<String> refused = classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE));
            RunningClassifier.problem(503, refused);
            assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
            RunningClassifier.problem(503, classifier.send(classifier.get("/v1/prompt")));
            assertTrue(classifier.scrape().contains("promptgate_service_ready{condition=\"classifier-caught-up\"} 0.0"));
        }
    }
}
