package dev.promptgate.service.settings;

import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.secrets.SecretMask;
import dev.promptgate.service.settings.notation.PlainNumbers;
import dev.promptgate.service.settings.notation.SettingText;
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
    private static final String TEXT = "text";
    private static final String LIST = "list";

    private static <T> Setting<T> of(String key, String type, T defaultValue, String description, Function<String, T> parser) {
        return new Setting<>(key, type, defaultValue, description, parser, value -> true, "", false);
    }

    public static Setting<Integer> integer(String key, int defaultValue, String description) {
        return of(key, "integer", defaultValue, description, PlainNumbers::integer);
    }

    public static Setting<Long> longInteger(String key, long defaultValue, String description) {
        return of(key, "integer", defaultValue, description, PlainNumbers::longInteger);
    }

    public static Setting<Double> decimal(String key, double defaultValue, String description) {
        return of(key, "number", defaultValue, description, PlainNumbers::decimal);
    }

    public static Setting<String> text(String key, String defaultValue, String description) {
        return of(key, TEXT, defaultValue, description, Function.identity());
    }

    /** Texts with commas between them; in a YAML file a list is one, too. The value has neither blanks nor empty elements. */
    public static Setting<String> list(String key, String defaultValue, String description) {
        return of(key, LIST, defaultValue, description, text -> {
            String elements = Arrays.stream(text.split(",")).map(String::strip).filter(element -> !element.isEmpty())
                    .collect(Collectors.joining(","));
            if (elements.isEmpty()) {
                throw new IllegalArgumentException("it has no element");
            }
            return elements;
        });
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

    /** The same of a text that guards something: where it is given it is not empty, so that none is taken away by accident. */
    public Setting<T> given() {
        return must("not be empty; leave it out for none", value -> !value.equals(""));
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
            return SecretMask.MASKED;
        }
        if (value instanceof Duration duration) {
            return Durations.show(duration);
        }
        return value instanceof Enum<?> constant ? WireName.of(constant) : String.valueOf(value);
    }

    boolean isList() {
        return type.equals(LIST);
    }

    /** Whether any text is a value, so that nothing tells a text from what YAML takes for something else. */
    boolean isText() {
        return defaultValue instanceof String;
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException if it is of another type or breaks the rule
     */
    T parse(String text) {
        (isSecret ? SettingText.faultOfSecret(text) : SettingText.fault(text)).ifPresent(fault -> {
            throw broken(fault, text);
        });
        T value;
        try {
            value = parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            String why = Optional.ofNullable(e.getMessage()).filter(message -> !(e instanceof NumberFormatException)).map(m -> ": " + m)
                    .orElse("");
            throw broken("be a " + type.replace("\\", "") + why, text);
        }
        if (!rule.test(value)) {
            throw broken(ruleText, text);
        }
        return value;
    }

    private IllegalArgumentException broken(String must, String text) {
        String shown = SettingText.fault(text).isPresent() ? text.replaceAll("\\p{Cntrl}", " ").strip() : text;
        return new IllegalArgumentException("%s must %s [value: %s]".formatted(key, must, isSecret ? SecretMask.MASKED : shown));
    }
}
