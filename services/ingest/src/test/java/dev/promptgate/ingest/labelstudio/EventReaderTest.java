package dev.promptgate.ingest.labelstudio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.ingest.config.IngestMeters.EventOutcome;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Labelled;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.PassedOver;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.TaskDeleted;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Unlabelled;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final byte[] GIF = "GIF89a and more".getBytes(StandardCharsets.US_ASCII);

    private final JsonObject created = fixture();

    private static JsonObject fixture() {
        try (InputStream in = EventReaderTest.class.getResourceAsStream("annotation-created.json")) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<LabelStudioEvent> read(JsonObject event, String... keysAndValues) {
        Map<String, String> settings = keysAndValues.length == 0 ? Map.of() : Map.of(keysAndValues[0], keysAndValues[1]);
        return new EventReader(new IngestSettings(
                new SettingsCatalogue(Stream.of(KafkaSettings.ALL, IngestSettings.ALL).flatMap(group -> group.all().stream()).toList(),
                        List.of(), key -> true).resolve(new SettingsSources(settings, Map.of(), Map.of()))))
                .read(event.toBuffer().getBytes());
    }

    private static Problem refused(JsonObject event, String... keysAndValues) {
        return assertThrows(ProblemException.class, () -> read(event, keysAndValues)).problem();
    }

    private JsonObject annotation() {
        return created.getJsonObject("annotation");
    }

    private void image(Object image) {
        created.getJsonObject("task").getJsonObject("data").put("image", image);
    }

    private static JsonObject choices(String control, String... choices) {
        return new JsonObject().put("type", "choices").put("from_name", control)
                .put("value", new JsonObject().put("choices", new JsonArray(List.of(choices))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_CREATED"})
    void anAnnotationGivesItsTaskALabel(String action) {
        Labelled labelled = (Labelled) read(created.put("action", action)).get(0);
        assertEquals("label-studio/7/55", labelled.imageId());
        assertEquals("901", labelled.annotation());
        assertEquals("red apple", labelled.label());
        assertTrue(labelled.image().isReference());
        assertEquals("https://images.example.org/shelf/12.jpg", new String(labelled.image().bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void severalAtOnceAreToldApartByTheirTasks() {
        JsonObject second = created.copy();
        second.getJsonObject("annotation").put("id", 902).put("task", 56);
        second.getJsonObject("task").put("id", 56);
        JsonObject both = new JsonObject().put("action", "ANNOTATIONS_CREATED").put("project", created.getJsonObject("project"))
                .put("annotation", new JsonArray().add(annotation()).add(second.getJsonObject("annotation")))
                .put("task", new JsonArray().add(second.getJsonObject("task")).add(created.getJsonObject("task")));
        assertEquals(List.of("label-studio/7/55", "label-studio/7/56"),
                read(both).stream().map(event -> ((Labelled) event).imageId()).toList());
    }

    @Test
    void aDeletedAnnotationIsNamedByItsNumberAlone() {
        JsonObject event = new JsonObject("{\"action\":\"ANNOTATIONS_DELETED\",\"annotations\":[{\"id\":901},{\"id\":17}],"
                + "\"project\":{\"id\":7}}");
        assertEquals(List.of(new Unlabelled("901"), new Unlabelled("17")), read(event));
        assertEquals(List.of(new Unlabelled("5")), read(new JsonObject("{\"action\":\"ANNOTATION_DELETED\",\"annotation\":{\"id\":5}}")));
    }

    @Test
    void deletedTasksAreImages() {
        assertEquals(List.of(new TaskDeleted("label-studio/7/55"), new TaskDeleted("label-studio/7/56")),
                read(new JsonObject("{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":55},{\"id\":56}],\"project\":{\"id\":7}}")));
    }

    @Test
    void whatIsPassedOver() {
        assertEquals(List.of(new PassedOver(EventOutcome.OTHER)), read(new JsonObject("{\"action\":\"PROJECT_UPDATED\"}")));
        annotation().put("was_cancelled", true);
        assertEquals(List.of(new PassedOver(EventOutcome.SKIPPED)), read(created));
        annotation().put("was_cancelled", false).put("result", new JsonArray());
        assertEquals(List.of(new PassedOver(EventOutcome.NO_CHOICE)), read(created));
    }

    @Test
    void anUpdateThatTakesTheChoiceAwayTakesTheLabelAway() {
        annotation().put("result", new JsonArray());
        assertEquals(List.of(new Unlabelled("901")), read(created.put("action", "ANNOTATION_UPDATED")));
    }

    @Test
    void ofSeveralControlsTheOneThatIsNamedCounts() {
        annotation().put("result", new JsonArray().add(choices("fruit", "pear")).add(choices("quality", "good"))
                .add(new JsonObject().put("type", "rectanglelabels").put("from_name", "box")));
        Problem problem = refused(created);
        assertEquals(422, problem.status());
        assertTrue(problem.detail().contains("ingest.label-studio.from-name [controls: fruit, quality]"), problem.detail());
        assertEquals("good", ((Labelled) read(created, "ingest.label-studio.from-name", "quality").get(0)).label());
    }

    @Test
    void severalChoicesAreNoLabel() {
        annotation().put("result", new JsonArray().add(choices("fruit", "pear", "red apple")));
        assertTrue(refused(created).detail().contains("[choices: pear, red apple]"));
    }

    @Test
    void labelsKeepTheRules() {
        annotation().put("result", new JsonArray().add(choices("fruit", "x".repeat(300))));
        assertTrue(refused(created).detail().contains("label-too-long"));
    }

    @Test
    void imagesInTheTaskItselfAreDecoded() {
        image("data:image/gif;base64," + Base64.getEncoder().encodeToString(GIF));
        Labelled labelled = (Labelled) read(created).get(0);
        assertFalse(labelled.image().isReference());
        assertArrayEquals(GIF, labelled.image().bytes());
    }

    @Test
    void aLargeImageInTheTaskIsReadToItsLimit() {
        byte[] large = new byte[20 << 20];
        System.arraycopy(GIF, 0, large, 0, GIF.length);
        image("data:image/gif;base64," + Base64.getEncoder().encodeToString(large));
        assertEquals(large.length, ((Labelled) read(created).get(0)).image().bytes().length);
        assertEquals(413, refused(created, "images.max-bytes", Integer.toString(large.length - 1)).status());
    }

    @Test
    void uploadedImagesAreFetchedFromLabelStudio() {
        image("/data/upload/7/3f2a-12.jpg");
        assertTrue(refused(created).detail().contains("ingest.label-studio.url"));
        Labelled labelled = (Labelled) read(created, "ingest.label-studio.url", "https://labels.example.org/").get(0);
        assertEquals("https://labels.example.org/data/upload/7/3f2a-12.jpg", new String(labelled.image().bytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels.example.org", "ftp://labels.example.org", "https://user:hunter2@labels.example.org", "https:///"})
    void theAddressOfLabelStudioIsChecked(String url) {
        assertThrows(InvalidSettingsException.class, () -> read(created, "ingest.label-studio.url", url));
    }

    @ParameterizedTest
    @CsvSource({"s3://bucket/shelf/12.jpg,true", "HTTP://example.org/a.jpg,true", "gs://bucket/a.jpg,false", "file:///etc/passwd,false",
            "photo.jpg,false", "https:photo.jpg,false", "'https://example.org/a b.jpg',false",
            "https://user:hunter2@example.org/a.jpg,false", "'data:image/gif,GIF89a',false", "'data:image/gif;base64,!',false",
            "'data:text/plain;base64,bm8gaW1hZ2U=',false"})
    void addressesThatCanBeFetched(String address, boolean usable) {
        image(address);
        if (usable) {
            assertEquals(address, new String(((Labelled) read(created).get(0)).image().bytes(), StandardCharsets.UTF_8));
        } else {
            String detail = refused(created).detail();
            assertFalse(detail.contains("hunter2") || detail.contains("passwd"), detail);
        }
    }

    @Test
    void addressesAreNoLongerThanTheEncoderTakes() {
        String address = "https://images.example.org/";
        image(address + "x".repeat(4096 - address.length()));
        assertEquals(1, read(created).size());
        image(address + "x".repeat(4097 - address.length()));
        assertEquals(422, refused(created).status());
    }

    @Test
    void theImagesKeyIsASetting() {
        created.getJsonObject("task").put("data", new JsonObject().put("photo", "s3://b/a.jpg"));
        assertTrue(refused(created).detail().contains("ingest.label-studio.image-key [key: image]"));
        assertEquals(1, read(created, "ingest.label-studio.image-key", "photo").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"action\":\"ANNOTATION_CREATED\"}", "{\"action\":\"ANNOTATIONS_DELETED\",\"annotations\":7}",
            "{\"action\":\"ANNOTATIONS_DELETED\",\"annotations\":[{\"id\":\"x\"}]}",
            "{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":1}]}",
            "{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":-1}],\"project\":{\"id\":7}}",
            "{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":99999999999999999999}],\"project\":{\"id\":7}}"})
    void eventsWithoutTheirPayloadSaySo(String event) {
        Problem problem = refused(new JsonObject(event));
        assertEquals(422, problem.status());
        assertTrue(problem.detail().contains("let the webhook send the payload"), problem.detail());
    }

    @Test
    void whatIsNoEvent() {
        assertEquals(400, refused(new JsonObject()).status());
        EventReader reader = new EventReader(new IngestSettings(
                new SettingsCatalogue(List.of(), List.of(), key -> true).resolve(new SettingsSources(Map.of(), Map.of(), Map.of()))));
        for (String body : List.of("", "[", "null", "\"text\"", "[]", "{\"action\":7")) {
            assertEquals(400, assertThrows(ProblemException.class, () -> reader.read(body.getBytes(StandardCharsets.UTF_8))).problem()
                    .status(), body);
        }
    }
}
