package dev.promptgate.service.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where settings come from, strongest first: command line, environment, file.
 *
 * @param commandLine by key
 * @param environment the process's variables; those that start with {@link #ENVIRONMENT_PREFIX} are settings
 * @param file by key
 */
public record SettingsSources(Map<String, String> commandLine, Map<String, String> environment, Map<String, String> file) {
    /** What the environment variables of settings start with. */
    public static final String ENVIRONMENT_PREFIX = "PROMPTGATE_";

    public static SettingsSources of(Map<String, String> commandLine) {
        return new SettingsSources(commandLine, Map.of(), Map.of());
    }

    /**
     * Reads a {@code .properties} file, or YAML whose nesting becomes dots.
     *
     * @throws InvalidSettingsException if it cannot be read
     */
    public static Map<String, String> readFile(Path path) {
        boolean isProperties = path.toString().endsWith(".properties");
        try (Reader reader = Files.newBufferedReader(path)) {
            Map<String, String> values = new HashMap<>();
            if (isProperties) {
                Properties properties = new Properties();
                properties.load(reader);
                properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
            } else {
                flatten("", new YAMLMapper().readTree(reader), values);
            }
            return values;
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of("The settings file cannot be read as %s [file: %s, cause: %s]"
                    .formatted(isProperties ? "properties" : "YAML", path, String.valueOf(e.getMessage()).lines().findFirst().orElse(""))));
        }
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(), field.getValue(), values));
        } else if (!node.isMissingNode() && !node.isNull()) {
            values.put(prefix, node.asText());
        }
    }
}
