package dev.promptgate.service.settings;

import dev.promptgate.service.secrets.SecretMask;
import dev.promptgate.service.settings.file.SettingsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Reads a settings file; what is wrong with it is told when it is resolved. */
    public SettingsFile read(Path file) {
        return SettingsFile.read(file, byKey.keySet());
    }

    /** Tells a mask every secret in the sources, also those that are overridden or not valid. */
    public void teach(SecretMask mask, SettingsSources sources) {
        Map<String, String> environment = environment().read(sources.environment(), new ArrayList<>());
        for (Map<String, String> source : List.of(sources.profile(), environment, sources.commandLine())) {
            source.forEach((key, text) -> teach(mask, key, text));
        }
        sources.file().values().forEach((key, written) -> written.texts().forEach(text -> teach(mask, key, text)));
    }

    private void teach(SecretMask mask, String key, String text) {
        if (setting(key).isPresent() ? byKey.get(key).isSecret() : isOpen(key) && isOpenSecret(key)) {
            mask.learn(key, text);
        }
    }

    /**
     * The values that the sources come to.
     *
     * @throws InvalidSettingsException naming every violation, secrets masked
     */
    public SettingsValues resolve(SettingsSources sources) {
        Resolution resolution = new Resolution(this);
        List<String> violations = resolution.violations();
        resolution.take("the profile", sources.profile());
        resolution.take(sources.file());
        resolution.take("the environment", environment().read(sources.environment(), violations));
        resolution.take("the command line", sources.commandLine());
        if (!violations.isEmpty()) {
            SecretMask mask = new SecretMask();
            teach(mask, sources);
            violations.replaceAll(mask::apply);
            violations.sort(Comparator.naturalOrder());
            throw new InvalidSettingsException(violations);
        }
        return new SettingsValues(settings(), resolution.values(), resolution.open(), openSecret);
    }

    private SettingsEnvironment environment() {
        return new SettingsEnvironment(settings(), openPrefixes);
    }

    Optional<Setting<?>> setting(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    String nearest(String key) {
        return nearest(key, byKey.keySet());
    }

    /** The known name with the fewest edits: probably that was meant. */
    static String nearest(String name, Collection<String> known) {
        return Collections.min(known, Comparator.comparing(candidate -> LevenshteinDistance.getDefaultInstance().apply(name, candidate)));
    }

    /** Whether the value of a key under an open prefix must never be shown. */
    boolean isOpenSecret(String key) {
        return openSecret.test(key);
    }

    boolean isOpen(String key) {
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
