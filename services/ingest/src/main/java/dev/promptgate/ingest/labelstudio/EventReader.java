package dev.promptgate.ingest.labelstudio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.ingest.config.IngestMeters.EventOutcome;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.ingest.label.ImageCheck;
import dev.promptgate.ingest.label.LabelFields;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Labelled;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.PassedOver;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.TaskDeleted;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Unlabelled;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Reads the events of Label Studio's webhooks. An image's id is {@code label-studio/PROJECT/TASK}, so that whatever happens to a task's
 * annotations is about the same image. Thread-safe.
 */
public final class EventReader {
    private final String imageKey;
    private final String fromName;
    private final String labelStudio;
    private final ImageCheck check;
    private final ObjectMapper json;

    public EventReader(IngestSettings settings) {
        imageKey = settings.values().get(IngestSettings.LABEL_STUDIO_IMAGE_KEY);
        fromName = settings.values().get(IngestSettings.LABEL_STUDIO_FROM_NAME);
        labelStudio = settings.values().get(IngestSettings.LABEL_STUDIO_URL);
        check = new ImageCheck(settings.maxImageBytes());
        int longest = (int) Math.min(Integer.MAX_VALUE, settings.maxEventBytes());
        json = new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(longest).build()).build());
    }

    /** What an event asks for, in its order; a {@link ProblemException} if it cannot be understood or a label or image cannot be used. */
    public List<LabelStudioEvent> read(byte[] body) {
        JsonNode event = parse(body);
        return switch (event.path("action").asText()) {
            case "" -> throw Problem.of(400, "This is no event of Label Studio; it has no action").exception();
            case "ANNOTATION_CREATED", "ANNOTATIONS_CREATED" -> annotations(event, false);
            case "ANNOTATION_UPDATED" -> annotations(event, true);
            case "ANNOTATION_DELETED", "ANNOTATIONS_DELETED" -> all(event, "annotation").stream()
                    .<LabelStudioEvent>map(annotation -> new Unlabelled(number(annotation.path("id"), "annotation"))).toList();
            case "TASK_DELETED", "TASKS_DELETED" -> all(event, "task").stream()
                    .<LabelStudioEvent>map(task -> new TaskDeleted(imageId(event, task))).toList();
            default -> List.of(new PassedOver(EventOutcome.OTHER));
        };
    }

    private JsonNode parse(byte[] body) {
        try {
            return Optional.ofNullable(json.readTree(body)).orElseThrow(() -> new IOException("empty"));
        } catch (IOException e) {
            throw Problem.of(400, "The body is no JSON; send an event of Label Studio").exception();
        }
    }

    private List<LabelStudioEvent> annotations(JsonNode event, boolean isUpdate) {
        List<JsonNode> tasks = all(event, "task");
        return all(event, "annotation").stream().map(annotation -> {
            String number = number(annotation.path("task"), "task");
            JsonNode task = tasks.stream().filter(one -> one.path("id").asText().equals(number)).findFirst()
                    .orElseThrow(() -> incomplete("task"));
            return annotation(event, annotation, task, isUpdate);
        }).toList();
    }

    private LabelStudioEvent annotation(JsonNode event, JsonNode annotation, JsonNode task, boolean isUpdate) {
        if (annotation.path("was_cancelled").asBoolean()) {
            return new PassedOver(EventOutcome.SKIPPED);
        }
        String number = number(annotation.path("id"), "annotation");
        Optional<String> choice = ChoiceResult.of(annotation.path("result"), fromName);
        if (choice.isEmpty()) {
            return isUpdate ? new Unlabelled(number) : new PassedOver(EventOutcome.NO_CHOICE);
        }
        return new Labelled(imageId(event, task), number, LabelFields.label(choice.get()), image(task.path("data")));
    }

    private TaskImage image(JsonNode data) {
        JsonNode image = data.path(imageKey);
        if (!image.isTextual() || image.asText().isBlank()) {
            throw Problem.of(422, "The task's data has no image under this key; set ingest.label-studio.image-key [key: %s]"
                    .formatted(Quoted.of(imageKey))).exception();
        }
        return TaskImage.of(image.asText().strip(), labelStudio, check);
    }

    private static String imageId(JsonNode event, JsonNode task) {
        JsonNode project = event.path("project").path("id");
        return "label-studio/%s/%s".formatted(number(project.isMissingNode() ? task.path("project") : project, "project"),
                number(task.path("id"), "task"));
    }

    /** The things of a kind, whether the event has one or, under the same name or its plural, several. */
    private static List<JsonNode> all(JsonNode event, String kind) {
        JsonNode found = event.has(kind) ? event.path(kind) : event.path(kind + "s");
        if (found.isObject()) {
            return List.of(found);
        }
        if (!found.isArray()) {
            throw incomplete(kind);
        }
        return StreamSupport.stream(found.spliterator(), false).toList();
    }

    private static String number(JsonNode node, String kind) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() <= 0) {
            throw incomplete(kind);
        }
        return node.asText();
    }

    private static ProblemException incomplete(String kind) {
        return Problem.of(422, "The event does not say which %s it is about; let the webhook send the payload".formatted(kind)).exception();
    }
}
