package dev.promptgate.learning.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** The metadata of a safetensors file, text to text, structured values as JSON; {@code what} begins the message of what is wrong. */
record MetadataFields(String what, Map<String, String> metadata) {
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What every reader of JSON has exactly; with room to count on. */
    private static final long LARGEST = 1L << 53;

    /** A structured value of texts and numbers. */
    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of text and numbers are always JSON", e);
        }
    }

    String text(String key) throws UnreadablePromptException {
        String text = metadata.get(key);
        if (text == null) {
            throw new UnreadablePromptException("%s lacks a text [key: %s]".formatted(what, key));
        }
        return text;
    }

    /** A whole number from 0 to 2^53. */
    long number(String key) throws UnreadablePromptException {
        try {
            return checked(key, Long.parseLong(text(key)));
        } catch (NumberFormatException e) {
            throw new UnreadablePromptException("%s holds no number [key: %s]".formatted(what, key), e);
        }
    }

    private long checked(String key, long number) throws UnreadablePromptException {
        if (number < 0 || number > LARGEST) {
            throw new UnreadablePromptException("%s holds a number that cannot be [key: %s, number: %d]".formatted(what, key, number));
        }
        return number;
    }

    /** Such numbers by something. */
    <K> Map<K, Long> numbers(String key, TypeReference<Map<K, Long>> type) throws UnreadablePromptException {
        Map<K, Long> numbers = json(key, type);
        for (long number : numbers.values()) {
            checked(key, number);
        }
        return numbers;
    }

    /** Class names, none of them missing. */
    List<String> names(String key) throws UnreadablePromptException {
        List<String> names = json(key, NAMES);
        if (names.contains(null)) {
            throw new UnreadablePromptException("%s lacks a name [key: %s]".formatted(what, key));
        }
        return names;
    }

    /** Neither null nor a map with null in it. */
    <T> T json(String key, TypeReference<T> type) throws UnreadablePromptException {
        try {
            T value = JSON.readValue(text(key), type);
            if (value == null || value instanceof Map<?, ?> map && map.containsValue(null)) {
                throw new UnreadablePromptException("%s holds null [key: %s]".formatted(what, key));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new UnreadablePromptException("%s holds broken JSON [key: %s]".formatted(what, key), e);
        }
    }
}
