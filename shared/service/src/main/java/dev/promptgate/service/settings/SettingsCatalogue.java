package dev.promptgate.service.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * All settings that a process knows. Unknown keys are refused with the nearest known one, and every violation is reported at once.
 */
public final class SettingsCatalogue {
    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    private final List<String> openPrefixes;

    /**
     * @param settings in the order of the table
     * @param openPrefixes keys that start with one of these pass through as they are, e.g. {@code kafka.property.}
     */
    public SettingsCatalogue(List<Setting<?>> settings, List<String> openPrefixes) {
        settings.forEach(setting -> byKey.put(setting.key(), setting));
        this.openPrefixes = List.copyOf(openPrefixes);
    }

    /** The settings, in the order of the table. */
    public List<Setting<?>> settings() {
        return List.copyOf(byKey.values());
    }

    /**
     * The values that the sources come to.
     *
     * @throws InvalidSettingsException naming every violation
     */
    public SettingsValues resolve(SettingsSources sources) {
        List<String> violations = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        take(sources.file(), "the settings file", texts, violations);
        take(fromEnvironment(sources.environment(), violations), "the environment", texts, violations);
        take(sources.commandLine(), "the command line", texts, violations);
        Map<String, Object> values = new HashMap<>();
        Map<String, String> open = new HashMap<>();
        texts.forEach((key, text) -> {
            Setting<?> setting = byKey.get(key);
            if (setting == null) {
                open.put(key, text);
                return;
            }
            try {
                values.put(key, setting.parse(text));
            } catch (IllegalArgumentException e) {
                violations.add(e.getMessage());
            }
        });
        if (!violations.isEmpty()) {
            violations.sort(Comparator.naturalOrder());
            throw new InvalidSettingsException(violations);
        }
        return new SettingsValues(settings(), values, open);
    }

    private void take(Map<String, String> from, String source, Map<String, String> into, List<String> violations) {
        from.forEach((key, text) -> {
            if (byKey.containsKey(key) || openPrefixes.stream().anyMatch(key::startsWith)) {
                into.put(key, text);
            } else {
                violations.add("Unknown setting in %s; did you mean %s? [key: %s]".formatted(source, nearest(key, byKey.keySet()), key));
            }
        });
    }

    private Map<String, String> fromEnvironment(Map<String, String> environment, List<String> violations) {
        Map<String, String> keyByVariable = new HashMap<>();
        byKey.values().forEach(setting -> keyByVariable.put(setting.environmentVariable(), setting.key()));
        Map<String, String> values = new HashMap<>();
        environment.forEach((variable, text) -> {
            if (!variable.startsWith(SettingsSources.ENVIRONMENT_PREFIX) || variable.equals("PROMPTGATE_JAVA_OPTS")) {
                return; // the launcher's own variable, and everybody else's
            }
            String key = keyByVariable.get(variable);
            if (key == null) {
                violations.add("Unknown setting in the environment; did you mean %s? [variable: %s]"
                        .formatted(nearest(variable, keyByVariable.keySet()), variable));
            } else {
                values.put(key, text);
            }
        });
        return values;
    }

    private static String nearest(String name, Iterable<String> known) {
        String best = "";
        int smallest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = LevenshteinDistance.getDefaultInstance().apply(name, candidate);
            if (distance < smallest) {
                smallest = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** The table of all settings, as Markdown. */
    public String markdown() {
        StringBuilder table = new StringBuilder("| setting | type | default | meaning |\n| --- | --- | --- | --- |\n");
        for (Setting<?> setting : byKey.values()) {
            String shown = setting.isSecret() ? "" : setting.show(setting.defaultValue());
            table.append("| `%s` | %s | %s | %s |%n".formatted(setting.key(), setting.type(), shown.isEmpty() ? "" : "`" + shown + "`",
                    setting.description()));
        }
        return table.toString().replace("\r\n", "\n");
    }
}
