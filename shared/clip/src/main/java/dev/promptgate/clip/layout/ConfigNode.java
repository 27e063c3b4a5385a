package dev.promptgate.clip.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * An object of a publisher's configuration. What is absent has the default that the caller names; what is there is of the right type and
 * range, or refused in a line that names its key.
 *
 * @param path of the keys that lead here, each with a dot after it
 */
record ConfigNode(JsonNode node, String path, Path file) {
    // More than any CLIP has, and few enough for what is computed from them.
    static final int MOST = 1 << 20;
    static final int MOST_LAYERS = 1024;
    private static final int MOST_PIXELS = 1 << 14;
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_LETTERS = 80;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ModelException if the file is no JSON object */
    static ConfigNode read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ModelException("A model's configuration is smaller than this file [file: %s, bytes: %d, limit: %d]"
                        .formatted(file, Files.size(file), MOST_BYTES));
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (node == null || !node.isObject()) {
                throw new ModelException("%s is no JSON object [file: %s]".formatted(file.getFileName(), file));
            }
            return new ConfigNode(node, "", file);
        } catch (IOException e) {
            throw new ModelException("%s cannot be read as JSON [file: %s, cause: %s]"
                    .formatted(file.getFileName(), file, FirstLine.of(e)), e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Whether the key has a value other than null. */
    boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** The object under a key; without keys if it is absent or null. */
    ConfigNode object(String key) {
        JsonNode value = has(key) ? node.get(key) : JSON.createObjectNode();
        if (!value.isObject()) {
            throw wrong(key, "an object");
        }
        return new ConfigNode(value, path + key + ".", file);
    }

    /** A whole number from {@code least} to {@code most}. */
    int whole(String key, int absent, int least, int most) {
        JsonNode value = node.get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
            throw wrong(key, "a whole number from %d to %d".formatted(least, most));
        }
        return value.intValue();
    }

    int size(String key, int absent) {
        return whole(key, absent, 1, MOST);
    }

    /** A side in pixels, which may also be given as height and width. */
    int side(String key, int absent) {
        JsonNode value = node.path(key);
        if (!value.isArray()) {
            return whole(key, absent, 1, MOST_PIXELS);
        }
        if (value.size() != 2 || !value.get(0).equals(value.get(1))) {
            throw wrong(key, "one number or two equal ones: only squares are supported");
        }
        return new ConfigNode(JSON.createObjectNode().set(key, value.get(0)), path, file).side(key, absent);
    }

    /** A number above 0, up to {@code most}. */
    double positive(String key, double absent, double most) {
        JsonNode value = node.get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > most) {
            throw wrong(key, "a number above 0, up to " + most);
        }
        return value.doubleValue();
    }

    boolean flag(String key) {
        if (has(key) && !node.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return node.path(key).booleanValue();
    }

    /** The value that a word stands for. */
    <T> T word(String key, String absent, Map<String, T> values) {
        T value = values.get(node.has(key) ? node.get(key).asText() : absent);
        if (value == null) {
            throw wrong(key, "one of " + String.join(", ", values.keySet().stream().sorted().toList()));
        }
        return value;
    }

    /** Refuses each key that asks for something else than what CLIP does, which is the value given here. */
    void only(JsonNode standard) {
        standard.properties().forEach(entry -> {
            if (has(entry.getKey()) && !node.get(entry.getKey()).equals(entry.getValue())) {
                throw wrong(entry.getKey(), entry.getValue() + ": this is another architecture than CLIP's ViT, which is not supported");
            }
        });
    }

    /** Refuses keys that are neither of {@code standard} nor match the pattern: nobody knows what they ask for. */
    void know(String pattern, JsonNode... standard) {
        node.fieldNames().forEachRemaining(key -> {
            if (!key.matches(pattern) && Arrays.stream(standard).noneMatch(keys -> keys.has(key))) {
                throw wrong(key, "left out: it is not known here, so what it asks for cannot be done");
            }
        });
    }

    ModelException wrong(String key, String rule) {
        String value = String.valueOf(node.get(key));
        return new ModelException("%s: %s must be %s [%s%s: %s, file: %s]".formatted(file.getFileName(), key, rule, path, key,
                value.length() > MOST_LETTERS ? value.substring(0, MOST_LETTERS) + "…" : value, file));
    }
}
