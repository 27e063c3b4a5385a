package dev.promptgate.service.settings;

import dev.promptgate.service.secrets.SecretMask;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings in force. Immutable. */
public final class SettingsValues {
    private final List<Setting<?>> settings;
    private final Map<String, Object> values;
    private final Map<String, String> open;
    private final Predicate<String> openSecret;

    SettingsValues(List<Setting<?>> settings, Map<String, Object> values, Map<String, String> open, Predicate<String> openSecret) {
        this.settings = settings;
        this.values = Map.copyOf(values);
        this.open = Map.copyOf(open);
        this.openSecret = openSecret;
    }

    /** The value given, else the default. */
    @SuppressWarnings("unchecked") // the catalogue parsed the value with this very setting
    public <T> T get(Setting<T> setting) {
        return (T) values.getOrDefault(setting.key(), setting.defaultValue());
    }

    /** The settings under an open prefix, without it. */
    public Map<String, String> under(String prefix) {
        return open.entrySet().stream().filter(e -> e.getKey().startsWith(prefix))
                .collect(Collectors.toMap(e -> e.getKey().substring(prefix.length()), Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    /** Every setting with its value, and what is given under open prefixes, secrets masked; a line each. */
    public String describe() {
        Stream<String> known = settings.stream()
                .map(setting -> setting.key() + " = " + setting.show(values.getOrDefault(setting.key(), setting.defaultValue())));
        Stream<String> passedThrough = new TreeMap<>(open).entrySet().stream()
                .map(entry -> entry.getKey() + " = " + (openSecret.test(entry.getKey()) ? SecretMask.MASKED : entry.getValue()));
        return Stream.concat(known, passedThrough).collect(Collectors.joining(System.lineSeparator()));
    }
}
