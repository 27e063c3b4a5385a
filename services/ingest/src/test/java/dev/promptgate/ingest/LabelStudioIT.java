package dev.promptgate.ingest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** From labels by HTTP and Label Studio's events, through the encoder, to features that come, change and go. */
@BrokerTest
@BundledModelTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelStudioIT {
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));

    private final TestBroker broker;
    private final ClipModel model;
    private RunningIngest ingest;
    private ServiceHost encoder;

    LabelStudioIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeAll
    void start() throws Exception {
        ingest = new RunningIngest(broker, Map.of("ingest.label-studio.url", "https://labels.example.org"));
        List<Setting<?>> known = Stream
                .of(KafkaSettings.ALL.all(), PromptSettings.ALL.all(), HttpSettings.ALL.all(), EncoderSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        SettingsValues values = new SettingsCatalogue(known, List.of(), key -> true)
                .resolve(new SettingsSources(Map.of("http.port", "0"), Map.of(), Map.of()));
        encoder = new ServiceHost(values);
        encoder.start(() -> new EncoderVerticle(values, ingest.clients, ingest.topics, model, encoder)).await();
    }

    @AfterAll
    void stop() {
        encoder.close();
        ingest.close();
    }

    private List<ConsumerRecord<byte[], byte[]>> features(String id) {
        return ingest.read(ingest.topics.imageFeatures()).stream().filter(record -> ImageIds.of(record).equals(id)).toList();
    }

    /** The feature's last record, once there are so many. */
    private ConsumerRecord<byte[], byte[]> feature(String id, int records) {
        await().atMost(RunningIngest.LIMIT).until(() -> features(id).size() >= records);
        assertEquals(records, features(id).size());
        return features(id).get(records - 1);
    }

    private static String event(String action, int annotation, int task, String image, String choice) {
        JsonObject result = new JsonObject().put("type", "choices").put("from_name", "fruit").put("to_name", "photo").put("value",
                new JsonObject().put("choices", new JsonArray().add(choice)));
        return new JsonObject().put("action", action).put("project", new JsonObject().put("id", 7))
                .put("annotation",
                        new JsonObject().put("id", annotation).put("task", task).put("was_cancelled", false).put("result",
                                new JsonArray().add(result)))
                .put("task", new JsonObject().put("id", task).put("data", new JsonObject().put("image", image))).encode();
    }

    private static String deleted(int... annotations) {
        JsonArray ids = new JsonArray();
        for (int annotation : annotations) {
            ids.add(new JsonObject().put("id", annotation));
        }
        return new JsonObject().put("action", "ANNOTATIONS_DELETED").put("annotations", ids).put("project", new JsonObject().put("id", 7))
                .encode();
    }

    private static String inline() {
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(IMAGE);
    }

    @Test
    void aLabelByHttpIsAFeatureThatCanBeRelabelledAndErased() throws Exception {
        ingest.accepted(ingest.post(new Multipart().file("a.jpg", IMAGE).field("label", "cat").field("id", "by-http")));
        assertEquals("cat", ImageFeature.decode(feature("by-http", 1)).label());
        ingest.accepted(ingest.post(new Multipart().file("a.jpg", IMAGE).field("label", "dog").field("id", "by-http")));
        assertEquals("dog", ImageFeature.decode(feature("by-http", 2)).label());
        ingest.accepted(ingest.request("/v1/labels/by-http").DELETE());
        assertNull(feature("by-http", 3).value());
    }

    @Test
    void anAnnotationIsCreatedUpdatedAndDeleted() throws Exception {
        String id = "label-studio/7/1";
        assertEquals(new JsonArray().add(id),
                ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 11, 1, inline(), "pear"))).getJsonArray("labelled"));
        assertEquals("pear", ImageFeature.decode(feature(id, 1)).label());
        ingest.accepted(ingest.event(event("ANNOTATION_UPDATED", 11, 1, inline(), "red apple")));
        assertEquals("red apple", ImageFeature.decode(feature(id, 2)).label());
        assertEquals(new JsonArray().add(id), ingest.accepted(ingest.event(deleted(11))).getJsonArray("erased"));
        assertNull(feature(id, 3).value());
        assertEquals(204, ingest.send(ingest.event(deleted(11))).statusCode(), "sent again, nothing is left to erase");
    }

    @Test
    void ofSeveralAnnotationsOfATaskTheLastOneCounts() throws Exception {
        String id = "label-studio/7/2";
        ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 21, 2, inline(), "pear")));
        ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 22, 2, inline(), "red apple")));
        assertEquals("red apple", ImageFeature.decode(feature(id, 2)).label());
        double before = ingest.counter("promptgate_ingest_label_studio_events_total{outcome=\"not-in-force\"}");
        assertEquals(204, ingest.send(ingest.event(deleted(21))).statusCode());
        assertEquals(before + 1, ingest.counter("promptgate_ingest_label_studio_events_total{outcome=\"not-in-force\"}"));
        assertEquals(new JsonArray().add(id), ingest.accepted(ingest.event(deleted(21, 22))).getJsonArray("erased"));
        assertNull(feature(id, 3).value());
    }

    @Test
    void aDeletedTaskIsErased() throws Exception {
        ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 31, 3, inline(), "pear")));
        ingest.accepted(ingest.event("{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":3}],\"project\":{\"id\":7}}"));
        assertNull(feature("label-studio/7/3", 2).value());
        assertEquals(204, ingest.send(ingest.event(deleted(31))).statusCode());
    }

    @Test
    void anImageElsewhereIsPushedByItsAddress() throws Exception {
        ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 41, 4, "/data/upload/7/12.jpg", "pear")));
        ConsumerRecord<byte[], byte[]> record = ingest.read(ingest.topics.labelledImages()).stream()
                .filter(one -> ImageIds.of(one).equals("label-studio/7/4")).findFirst().orElseThrow();
        assertEquals("https://labels.example.org/data/upload/7/12.jpg", new String(record.value(), StandardCharsets.UTF_8));
        assertEquals("text/uri-list", new String(record.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8));
        assertEquals("pear", new String(record.headers().lastHeader("label").value(), StandardCharsets.UTF_8));
    }

    @Test
    void whatChangesNothingIsCountedAndWritesNothing() throws Exception {
        double before = ingest.counter("promptgate_ingest_label_studio_events_total{outcome=\"other\"}");
        assertEquals(204, ingest.send(ingest.event("{\"action\":\"PROJECT_UPDATED\",\"project\":{\"id\":7}}")).statusCode());
        assertEquals(before + 1, ingest.counter("promptgate_ingest_label_studio_events_total{outcome=\"other\"}"));
        String skipped = event("ANNOTATION_CREATED", 51, 5, inline(), "pear").replace("\"was_cancelled\":false", "\"was_cancelled\":true");
        assertEquals(204, ingest.send(ingest.event(skipped)).statusCode());
        ingest.problem(400, ingest.event("no JSON"));
        ingest.problem(422, ingest.event(event("ANNOTATION_CREATED", 52, 5, "gs://bucket/a.jpg", "pear")));
        ingest.problem(413, ingest.event(" ".repeat(2 << 20)));
        ingest.problem(415, ingest.post(new Multipart().file("a.jpg", IMAGE).field("label", "x")).uri(
                ingest.request("/v1/label-studio").build().uri()));
        assertTrue(ingest.read(ingest.topics.labelledImages()).stream().noneMatch(one -> ImageIds.of(one).equals("label-studio/7/5")));
    }

    /** As an instance that was started later knows it. */
    @Test
    void anotherInstanceErasesWhatThisOneLabelled() throws Exception {
        ingest.accepted(ingest.event(event("ANNOTATION_CREATED", 61, 6, inline(), "pear")));
        try (RunningIngest other = ingest.another()) {
            assertEquals(new JsonArray().add("label-studio/7/6"), other.accepted(other.event(deleted(61))).getJsonArray("erased"));
        }
        assertNull(feature("label-studio/7/6", 2).value());
    }
}
