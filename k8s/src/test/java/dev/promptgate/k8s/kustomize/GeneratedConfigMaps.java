package dev.promptgate.k8s.kustomize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Config maps made of files of variables; their names get a hash of their content, and so do the references to them. */
final class GeneratedConfigMaps {
    private static final ObjectMapper CANONICAL = JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final Map<String, Map<String, String>> dataByName = new TreeMap<>();

    /** Takes an entry of {@code configMapGenerator}. */
    void add(Path folder, JsonNode generator) {
        generator.fieldNames().forEachRemaining(field -> {
            if (!List.of("name", "envs", "behavior").contains(field)) {
                throw new IllegalArgumentException("Not supported here in a configMapGenerator [field: " + field + "]");
            }
        });
        String name = generator.get("name").asText();
        boolean merge = generator.path("behavior").asText("create").equals("merge");
        if (merge != dataByName.containsKey(name)) {
            throw new IllegalArgumentException(
                    "The config map is " + (merge ? "not there to merge with" : "made twice") + " [name: " + name + "]");
        }
        Map<String, String> data = dataByName.computeIfAbsent(name, made -> new TreeMap<>());
        generator.get("envs").forEach(file -> data.putAll(variables(folder.resolve(file.asText()))));
    }

    private static Map<String, String> variables(Path file) {
        Map<String, String> variables = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int equals = line.indexOf('=');
                    variables.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends the config maps, and makes every reference to them name the hash. */
    void finish(List<ObjectNode> resources, String namespace) {
        dataByName.forEach((name, data) -> {
            String hashed = name + "-" + hash(data);
            resources.forEach(resource -> rename(resource, name, hashed));
            ObjectNode map = CANONICAL.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
            map.putObject("metadata").put("name", hashed).put("namespace", namespace);
            map.set("data", CANONICAL.valueToTree(data));
            resources.add(map);
        });
    }

    private static void rename(JsonNode node, String name, String hashed) {
        for (String field : List.of("configMapRef", "configMapKeyRef", "configMap")) {
            if (node.path(field) instanceof ObjectNode reference && Objects.equals(reference.path("name").asText(), name)) {
                reference.put("name", hashed);
            }
        }
        node.forEach(child -> rename(child, name, hashed));
    }

    /** Kustomize's: SHA-256 of the canonical JSON, whose name it leaves empty; ten digits, some replaced so that no word comes out. */
    private static String hash(Map<String, String> data) {
        try {
            String json = CANONICAL.writeValueAsString(new TreeMap<>(Map.of("kind", "ConfigMap", "name", "", "data", data)));
            String digits = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 10);
            return digits.replace('0', 'g').replace('1', 'h').replace('3', 'k').replace('a', 'm').replace('e', 't');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
