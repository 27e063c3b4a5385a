package dev.promptgate.service.settings;

import dev.promptgate.messaging.record.WireName;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One setting: its key, type, default and rule. Immutable.
 *
 * @param key dotted, e.g. {@code learner.min-shots}
 * @param type as the table names it
 * @param parser throws IllegalArgumentException for a text of another type
 * @param ruleText completes "must …"
 */
public record Setting<T>(String key, String type, T defaultValue, String description, Function<String, T> parser, Predicate<T> rule,
        String ruleText, boolean isSecret) {
    private static <T> Setting<T> of(String key, String type, T defaultValue, String description, Function<String, T> parser) {
        return new Setting<>(key, type, defaultValue, description, parser, value -> true, "", false);
    }

    public static Setting<Integer> integer(String key, int defaultValue, String description) {
        return of(key, "integer", defaultValue, description, Integer::valueOf);
    }

    public static Setting<Long> longInteger(String key, long defaultValue, String description) {
        return of(key, "integer", defaultValue, description, Long::valueOf);
    }

    public static Setting<Double> decimal(String key, double defaultValue, String description) {
        return of(key, "number", defaultValue, description, Double::valueOf);
    }

    public static Setting<String> text(String key, String defaultValue, String description) {
        return of(key, "text", defaultValue, description, Function.identity());
    }

    /** {@code true} or {@code false}. */
    public static Setting<Boolean> bool(String key, boolean defaultValue, String description) {
        return of(key, "boolean", defaultValue, description, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        });
    }

    /** A time such as {@code 500ms}, {@code 2s}, {@code 5m}. */
    public static Setting<Duration> duration(String key, Duration defaultValue, String description) {
        return of(key, "duration", defaultValue, description, Durations::parse);
    }

    /** One of an enum's constants, in lower case with hyphens. */
    public static <E extends Enum<E>> Setting<E> choice(String key, E defaultValue, String description) {
        Class<E> type = defaultValue.getDeclaringClass();
        String names = Arrays.stream(type.getEnumConstants()).map(WireName::of).collect(Collectors.joining(" \\| "));
        return of(key, names, defaultValue, description, text -> WireName.parse(type, text.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException("not one of " + names.replace("\\", ""))));
    }

    /** The same with a rule on its values; {@code text} completes "must …". */
    public Setting<T> must(String text, Predicate<T> newRule) {
        return new Setting<>(key, type, defaultValue, description, parser, newRule, text, isSecret);
    }

    /** The same, its value never shown. */
    public Setting<T> secret() {
        return new Setting<>(key, type, defaultValue, description, parser, rule, ruleText, true);
    }

    /** The key as an environment variable, e.g. {@code PROMPTGATE_LEARNER_MIN_SHOTS}. */
    public String environmentVariable() {
        return SettingsEnvironment.variable(key);
    }

    /** A value as settings are written. */
    public String show(Object value) {
        if (isSecret) {
            return "***";
        }
        if (value instanceof Duration duration) {
            return Durations.show(duration);
        }
        return value instanceof Enum<?> constant ? WireName.of(constant) : String.valueOf(value);
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException if it is of another type or breaks the rule
     */
    T parse(String text) {
        T value;
        try {
            value = parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            String why = Optional.ofNullable(e.getMessage()).filter(message -> !(e instanceof NumberFormatException)).map(m -> ": " + m)
                    .orElse("");
            throw new IllegalArgumentException(
                    "%s must be a %s%s [value: %s]".formatted(key, type.replace("\\", ""), why, isSecret ? "***" : text), e);
        }
        if (!rule.test(value)) {
            throw new IllegalArgumentException("%s must %s [value: %s]".formatted(key, ruleText, isSecret ? "***" : text));
        }
        return value;
    }
}
