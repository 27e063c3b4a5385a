package dev.promptgate.learning.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metadata as safetensors holds it: text to text, structured values as JSON. */
final class MetadataText {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Long>> TIMES = new TypeReference<>() {};
    private static final TypeReference<Map<Integer, Long>> OFFSETS = new TypeReference<>() {};

    private MetadataText() {}

    static Map<String, String> write(PromptMetadata metadata) throws JsonProcessingException {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", "pt");
        text.put("prompt", metadata.prompt());
        text.put("version", Long.toString(metadata.version()));
        text.put("parent", Long.toString(metadata.parent()));
        text.put("model_fingerprint", metadata.modelFingerprint());
        text.put("classes", JSON.writeValueAsString(metadata.classes()));
        text.put("context_init", metadata.contextInit());
        text.put("created_at", Long.toString(metadata.createdAt()));
        text.put("training", JSON.writeValueAsString(metadata.training()));
        text.put("feature_offsets", JSON.writeValueAsString(metadata.featureOffsets()));
        text.put("ready_at", JSON.writeValueAsString(metadata.readyAt()));
        text.put("verdict", JSON.writeValueAsString(metadata.verdict()));
        return text;
    }

    static PromptMetadata read(JsonNode node) throws UnreadablePromptException {
        return new PromptMetadata(text(node, "prompt"), number(node, "version"), number(node, "parent"), text(node, "model_fingerprint"),
                number(node, "created_at"), new PromptMetadata.Origin(json(node, "classes", NAMES), text(node, "context_init"),
                        json(node, "training", TEXTS), json(node, "feature_offsets", OFFSETS), json(node, "ready_at", TIMES)),
                json(node, "verdict", TEXTS));
    }

    private static String text(JsonNode node, String key) throws UnreadablePromptException {
        if (!node.path(key).isTextual()) {
            throw new UnreadablePromptException("The prompt's metadata lacks a text [key: " + key + "]");
        }
        return node.path(key).asText();
    }

    private static long number(JsonNode node, String key) throws UnreadablePromptException {
        try {
            return Long.parseLong(text(node, key));
        } catch (NumberFormatException e) {
            throw new UnreadablePromptException("The prompt's metadata holds no number [key: " + key + "]", e);
        }
    }

    private static <T> T json(JsonNode node, String key, TypeReference<T> type) throws UnreadablePromptException {
        try {
            T value = JSON.readValue(text(node, key), type);
            if (value == null) {
                throw new UnreadablePromptException("The prompt's metadata holds null [key: " + key + "]");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UnreadablePromptException("The prompt's metadata holds broken JSON [key: " + key + "]", e);
        }
    }
}
