package dev.promptgate.service.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings in environment variables: {@code PROMPTGATE_LEARNER_MIN_SHOTS} is {@code learner.min-shots}. Under an open prefix the rest of
 * the name is put in lower case, its underscores made dots: {@code PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG} is
 * {@code kafka.property.sasl.jaas.config}.
 */
final class SettingsEnvironment {
    /** Variables with the prefix that are no settings: the launcher's own, and the log's, which is there before settings are. */
    private static final Set<String> OTHERS = Set.of("PROMPTGATE_JAVA_OPTS", "PROMPTGATE_LOG_FORMAT", "PROMPTGATE_LOG_LEVEL");

    private final Map<String, String> keyByVariable = new HashMap<>();
    private final List<String> openPrefixes;

    SettingsEnvironment(List<Setting<?>> settings, List<String> openPrefixes) {
        settings.forEach(setting -> keyByVariable.put(setting.environmentVariable(), setting.key()));
        this.openPrefixes = openPrefixes;
    }

    /** The environment variable of a key or prefix. */
    static String variable(String key) {
        return SettingsSources.ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** By key. An empty variable gives no value, as if it were not there; variables that stand for no setting become violations. */
    Map<String, String> read(Map<String, String> environment, List<String> violations) {
        Map<String, String> values = new HashMap<>();
        environment.forEach((variable, text) -> {
            if (!variable.startsWith(SettingsSources.ENVIRONMENT_PREFIX) || OTHERS.contains(variable)) {
                return;
            }
            Optional<String> key = Optional.ofNullable(keyByVariable.get(variable)).or(() -> open(variable));
            if (key.isPresent() && !text.isEmpty()) {
                values.put(key.get(), text);
            } else if (key.isEmpty()) {
                violations.add("Unknown setting in the environment; did you mean %s? [variable: %s]"
                        .formatted(SettingsCatalogue.nearest(variable, keyByVariable.keySet()), variable));
            }
        });
        return values;
    }

    private Optional<String> open(String variable) {
        return openPrefixes.stream()
                .filter(prefix -> variable.startsWith(variable(prefix)) && variable.length() > variable(prefix).length())
                .map(prefix -> prefix + variable.substring(variable(prefix).length()).toLowerCase(Locale.ROOT).replace('_', '.'))
                .findFirst();
    }
}
