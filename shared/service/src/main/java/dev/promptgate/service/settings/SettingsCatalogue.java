package dev.promptgate.service.settings;

import dev.promptgate.service.secrets.SecretMask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All settings that a process knows. Unknown keys are refused with the nearest known one, every violation is reported at once. */
public final class SettingsCatalogue {
    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    private final List<String> openPrefixes;
    private final Predicate<String> openSecret;

    /**
     * @param settings in the order of the table
     * @param openPrefixes keys that start with one of these pass through as they are, e.g. {@code kafka.property.}
     * @param openSecret which of their values must never be shown
     */
    public SettingsCatalogue(List<Setting<?>> settings, List<String> openPrefixes, Predicate<String> openSecret) {
        settings.forEach(setting -> byKey.put(setting.key(), setting));
        this.openPrefixes = List.copyOf(openPrefixes);
        this.openSecret = openSecret;
    }

    /** The settings, in the order of the table. */
    public List<Setting<?>> settings() {
        return List.copyOf(byKey.values());
    }

    /** Tells a mask every secret in the sources, also those that are overridden or not valid. */
    public void teach(SecretMask mask, SettingsSources sources) {
        Map<String, String> environment = new SettingsEnvironment(settings(), openPrefixes).read(sources.environment(), new ArrayList<>());
        for (Map<String, String> source : List.of(sources.file(), environment, sources.commandLine())) {
            source.forEach((key, text) -> {
                if (byKey.containsKey(key) ? byKey.get(key).isSecret() : isOpen(key) && openSecret.test(key)) {
                    mask.learn(key, text);
                }
            });
        }
    }

    /**
     * The values that the sources come to.
     *
     * @throws InvalidSettingsException naming every violation, secrets masked
     */
    public SettingsValues resolve(SettingsSources sources) {
        List<String> violations = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        take(sources.file(), "the settings file", texts, violations);
        take(new SettingsEnvironment(settings(), openPrefixes).read(sources.environment(), violations), "the environment", texts,
                violations);
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
            SecretMask mask = new SecretMask();
            teach(mask, sources);
            violations.replaceAll(mask::apply);
            violations.sort(Comparator.naturalOrder());
            throw new InvalidSettingsException(violations);
        }
        return new SettingsValues(settings(), values, open, openSecret);
    }

    private void take(Map<String, String> from, String source, Map<String, String> into, List<String> violations) {
        from.forEach((key, text) -> {
            if (byKey.containsKey(key) || isOpen(key)) {
                into.put(key, text);
            } else {
                violations.add("Unknown setting in %s; did you mean %s? [key: %s]".formatted(source, nearest(key, byKey.keySet()), key));
            }
        });
    }

    /** The known name with the fewest edits: probably that was meant. */
    static String nearest(String name, Collection<String> known) {
        return Collections.min(known, Comparator.comparing(candidate -> LevenshteinDistance.getDefaultInstance().apply(name, candidate)));
    }

    private boolean isOpen(String key) {
        return openPrefixes.stream().anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length());
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
