package dev.promptgate.service.settings.file;

import dev.promptgate.clip.textfile.TextFile;
import dev.promptgate.clip.textfile.TextFile.UnreadableTextException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a settings file says and where. It is read without knowing what type each setting has, so that every value keeps the text that
 * people see. Immutable.
 *
 * @param values by dotted key, in the file's order
 * @param faults what is wrong with the file itself, a sentence each; no value is shown, since it may be a secret
 */
public record SettingsFile(String path, Map<String, WrittenValue> values, List<String> faults) {
    private static final int MOST_BYTES = 1 << 20;

    public static final SettingsFile NONE = new SettingsFile("", Map.of(), List.of());

    /**
     * Reads a {@code .properties} file, or YAML (JSON is YAML, too) whose nesting becomes dots. Whatever is wrong becomes a fault.
     *
     * @param settings the keys below which no further keys are looked for
     */
    public static SettingsFile read(Path path, Set<String> settings) {
        try {
            return of(path.toString(), TextFile.read(path, MOST_BYTES), settings);
        } catch (UnreadableTextException e) {
            return new SettingsFile(path.toString(), Map.of(), List.of("The settings cannot be read: " + e.getMessage()));
        }
    }

    public static SettingsFile of(String path, String text, Set<String> settings) {
        FileEntries entries = new FileEntries(path);
        if (path.toLowerCase(Locale.ROOT).endsWith(".properties")) {
            new PropertiesSettings(entries).read(text);
        } else {
            new YamlSettings(entries, settings).read(text);
        }
        return new SettingsFile(path, Collections.unmodifiableMap(entries.values()), List.copyOf(entries.faults()));
    }

    /** The end of an error about one of the values. */
    public String where(WrittenValue value) {
        return ", file: %s, line: %d]".formatted(path, value.line());
    }
}
