package dev.promptgate.console.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.Quoted;
import java.io.IOException;

/**
 * JSON from topics is taken over piece by piece, each bounded: whoever can write a report must not be able to fill the page or the memory.
 */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_TEXT = 1000;
    private static final String[] ACCURACIES = {"seen", "unseen", "hm", "joint"};

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** @throws IOException if the bytes are no JSON object */
    static JsonNode read(byte[] bytes) throws IOException {
        JsonNode node = MAPPER.readTree(bytes);
        if (node == null || !node.isObject()) {
            throw new IOException("it is no JSON object");
        }
        return node;
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree is always JSON", e);
        }
    }

    /** The text of a key, on one line, at most 1000 characters; empty if there is none. */
    static String text(JsonNode node, String key) {
        return Quoted.of(node.path(key).asText(""), MAX_TEXT);
    }

    /** The number of a key, or null. */
    static JsonNode number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isNumber() ? value : NullNode.instance;
    }

    /** The four accuracies, each a fraction or null; null as a whole if the report has none. */
    static JsonNode accuracies(JsonNode node) {
        if (!node.isObject()) {
            return NullNode.instance;
        }
        ObjectNode accuracies = object();
        for (String key : ACCURACIES) {
            accuracies.set(key, number(node, key));
        }
        return accuracies;
    }
}
