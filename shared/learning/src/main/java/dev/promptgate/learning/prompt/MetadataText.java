package dev.promptgate.learning.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metadata as safetensors holds it: text to text, structured values as JSON. */
final class MetadataText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Long>> TIMES = new TypeReference<>() {};
    private static final TypeReference<Map<Integer, Long>> OFFSETS = new TypeReference<>() {};

    private MetadataText() {}

    static Map<String, String> write(PromptMetadata metadata) {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", "pt");
        text.put("prompt", metadata.prompt());
        text.put("version", Long.toString(metadata.version()));
        text.put("parent", Long.toString(metadata.parent()));
        text.put("model_fingerprint", metadata.modelFingerprint());
        text.put("classes", json(metadata.classes()));
        text.put("context_init", metadata.contextInit());
        text.put("created_at", Long.toString(metadata.createdAt()));
        text.put("training", json(metadata.training()));
        text.put("feature_offsets", json(metadata.featureOffsets()));
        text.put("ready_at", json(metadata.readyAt()));
        text.put("verdict", json(metadata.verdict()));
        return text;
    }

    static PromptMetadata read(Map<String, String> metadata) throws UnreadablePromptException {
        return new PromptMetadata(text(metadata, "prompt"), number(metadata, "version"), number(metadata, "parent"),
                text(metadata, "model_fingerprint"),
                number(metadata, "created_at"), new PromptMetadata.Origin(json(metadata, "classes", NAMES), text(metadata, "context_init"),
                        json(metadata, "training", TEXTS), json(metadata, "feature_offsets", OFFSETS), json(metadata, "ready_at", TIMES)),
                json(metadata, "verdict", TEXTS));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of text and numbers are always JSON", e);
        }
    }

    private static String text(Map<String, String> metadata, String key) throws UnreadablePromptException {
        String text = metadata.get(key);
        if (text == null) {
            throw new UnreadablePromptException("The prompt's metadata lacks a text [key: " + key + "]");
        }
        return text;
    }

    private static long number(Map<String, String> metadata, String key) throws UnreadablePromptException {
        try {
            return Long.parseLong(text(metadata, key));
        } catch (NumberFormatException e) {
            throw new UnreadablePromptException("The prompt's metadata holds no number [key: " + key + "]", e);
        }
    }

    private static <T> T json(Map<String, String> metadata, String key, TypeReference<T> type) throws UnreadablePromptException {
        try {
            T value = JSON.readValue(text(metadata, key), type);
            if (value == null) {
                throw new UnreadablePromptException("The prompt's metadata holds null [key: " + key + "]");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UnreadablePromptException("The prompt's metadata holds broken JSON [key: " + key + "]", e);
        }
    }
}
