package dev.promptgate.experiments.exports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** A task of Label Studio, by the JSON export or by JSON-MIN, which has a task once for every annotation. */
record LabelStudioTask(JsonNode json) {
    /** The field that names the image: {@code image} or, in data of one text alone, that. */
    Optional<LabelStudioImage> image() {
        JsonNode data = isMin() ? json : json.get("data");
        JsonNode image = data.get("image");
        if (image == null && !isMin()) {
            JsonNode[] texts = data.valueStream().filter(JsonNode::isTextual).toArray(JsonNode[]::new);
            image = texts.length == 1 ? texts[0] : null;
        }
        return text(image).map(LabelStudioImage::new);
    }

    /** The id that the task has for the product: by project and task, or else the file's name. */
    String id(LabelStudioImage image) {
        Optional<String> project = text(json.get("project")).or(image::project);
        Optional<String> task = text(json.get("id"));
        return project.isPresent() && task.isPresent() ? "label-studio/%s/%s".formatted(project.get(), task.get()) : image.name();
    }

    Labels labels() {
        Labels labels = new Labels();
        if (isMin()) {
            text(json.get("choice")).ifPresent(choice -> labels.ofImage().add(choice.strip()));
            json.forEach(field -> {
                add(field, labels);
                field.forEach(shape -> add(shape, labels));
            });
        } else {
            json.path("annotations").forEach(annotation -> {
                if (!annotation.path("was_cancelled").asBoolean()) {
                    annotation.path("result").forEach(result -> add(result.path("value"), labels));
                }
            });
        }
        return labels;
    }

    private boolean isMin() {
        return !json.path("data").isObject();
    }

    /** Of a control's value: {@code choices} are of the image; {@code rectanglelabels} and their like are of a shape. */
    private static void add(JsonNode value, Labels labels) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            boolean isChoice = field.getKey().equals("choices");
            if (isChoice || field.getKey().endsWith("labels")) {
                field.getValue().forEach(label -> text(label)
                        .ifPresent(text -> (isChoice ? labels.ofImage() : labels.ofShapes()).add(text.strip())));
            }
        }
    }

    private static Optional<String> text(JsonNode node) {
        return node != null && (node.isTextual() || node.isIntegralNumber()) && !node.asText().isBlank() ? Optional.of(node.asText())
                : Optional.empty();
    }
}
