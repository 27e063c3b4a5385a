package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.file.SettingsFile;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is written for whatever setting, in whatever way: the value is what a person reads there, or it is refused. */
class SettingsSayWhatWasWrittenTest {
    private static final int CASES = Boolean.getBoolean("test.long") ? 200_000 : 6_000;
    private static final String KEY = "KEY";
    private static final SettingsCatalogue CATALOGUE = KnownSettings.catalogue();
    private static final Set<String> KEYS = CATALOGUE.settings().stream().map(Setting::key).collect(Collectors.toSet());

    private static final List<String> TEXTS = List.of("text", "a b", "x y-z", "true", "false", "True", "TRUE", "no", "yes", "on", "Off",
            "y",
            "N", "~", "null", "Null", "NULL", "", "0", "1", "5", "-3", "+5", "010", "0900", "0x10", "0o10", "0b11", "1_000", "1e3", "1E-3",
            "1.5", ".5", "1.", "-0", "0.0", ".inf", "-.INF", ".NaN", "NaN", "Infinity", "-Infinity", "1e999", "1e-999", "1:30", "1:30.5",
            "2026-01-01", "2026-01-01T00:00:00Z", "20ms", "2s", "5m", "1h", "010s", "9999999999", "99999999999999999999", "a,b", "a:1,b:2",
            ",", " ", "  text", "text  ", "a\nb", "text\n", "a\tb", "=", "<<", "none", "é", "1d", "0x1p3", "127.0.0.1:9092",
            "http://localhost",
            "gpu");

    /** Ways to write a text; what reads as a list or as nothing is written around it. */
    private enum Style {
        PLAIN,
        SINGLE,
        DOUBLE,
        LITERAL,
        FOLDED,
        STRING_TAG,
        OTHER_TAG,
        ANCHOR,
        ALIAS,
        LIST,
        BLOCK_LIST,
        LIST_OF_TWO,
        LIST_OF_LIST,
        MAP,
        SET,
        NESTED,
        TWICE,
        PROPERTIES,
        ENVIRONMENT,
        COMMAND_LINE
    }

    private final Map<String, Integer> taken = new HashMap<>();
    private int refused;

    @Test
    void noSettingEverBecomesSomethingElse() {
        Random random = new Random(1);
        List<Setting<?>> settings = CATALOGUE.settings();
        for (int i = 0; i < CASES; i++) {
            Setting<?> setting = settings.get(i % settings.size());
            String shown = setting.show(setting.defaultValue());
            String text = !setting.isSecret() && random.nextInt(4) == 0 ? shown : TEXTS.get(random.nextInt(TEXTS.size()));
            check(setting, text, Style.values()[random.nextInt(Style.values().length)]);
        }
        assertTrue(refused > CASES / 4 && taken.values().stream().mapToInt(Integer::intValue).sum() > CASES / 10, refused + " " + taken);
        Set<String> never = settings.stream().map(Setting::key).filter(key -> !taken.containsKey(key)).collect(Collectors.toSet());
        assertEquals(Set.of(), never, "a test that sees everything refused shows nothing");
    }

    @Test
    void everyWayToWriteATextIsTriedOnEveryGuard() {
        for (Setting<?> setting : CATALOGUE.settings()) {
            if (isGuard(setting)) {
                for (String text : TEXTS) {
                    for (Style style : Style.values()) {
                        check(setting, text, style);
                    }
                }
            }
        }
        assertEquals(
                CATALOGUE.settings().stream().filter(SettingsSayWhatWasWrittenTest::isGuard).map(Setting::key).collect(Collectors.toSet()),
                taken.keySet());
    }

    private static boolean isGuard(Setting<?> setting) {
        return setting.isSecret() || setting.key().matches("trust\\..*|api\\..*");
    }

    private void check(Setting<?> setting, String text, Style style) {
        String written = written(setting, text, style);
        Optional<String> value;
        try {
            Object got = CATALOGUE.resolve(sources(setting, text, style, written)).get(setting);
            value = Optional.of(got instanceof Duration duration ? Long.toString(duration.toMillis()) : setting.isSecret() ? (String) got
                    : setting.show(got));
        } catch (InvalidSettingsException e) {
            refused++;
            assertTrue(e.getMessage().contains(setting.key()) || style == Style.PLAIN || style == Style.ALIAS, e.getMessage() + written);
            return;
        }
        String what = "%s as %s: %s".formatted(setting.key(), style, written);
        if (style == Style.ENVIRONMENT && text.isEmpty()) {
            return; // is not set
        }
        taken.merge(setting.key(), 1, Integer::sum);
        assertFalse(isGuard(setting) && value.get().isEmpty(), what);
        assertTrue(Set.of(Style.MAP, Style.SET, Style.LIST_OF_LIST, Style.TWICE, Style.OTHER_TAG).stream().noneMatch(style::equals), what);
        boolean isWrittenAsList = Stream.of(Style.LIST, Style.BLOCK_LIST, Style.LIST_OF_TWO).anyMatch(style::equals);
        assertTrue(!isWrittenAsList || setting.type().equals("list"), what);
        assertReads(setting, style == Style.LIST_OF_TWO ? text.strip() + ",second" : text, value.get(), what);
        boolean isUnquoted = Stream.of(Style.PLAIN, Style.NESTED, Style.ANCHOR, Style.ALIAS).anyMatch(style::equals);
        assertTrue(!isUnquoted || !(setting.defaultValue() instanceof String) || !isTyped(text), what);
    }

    /** By rules of their own: how a person reads the text for a setting of this type. */
    private static void assertReads(Setting<?> setting, String text, String value, String what) {
        Object type = setting.defaultValue();
        if (type instanceof Number) {
            assertTrue(text.strip().matches("-?(0|[1-9]\\d*)?(\\.\\d+)?([eE][-+]?\\d+)?"), what);
            assertEquals(new BigDecimal(text.strip()).doubleValue(), 0 + Double.parseDouble(value), what);
        } else if (type instanceof Boolean) {
            assertEquals(text.strip().toLowerCase(Locale.ROOT), value, what);
        } else if (type instanceof Duration) {
            long unit = text.strip().endsWith("ms") ? 1
                    : text.strip().endsWith("s") ? 1000 : text.strip().endsWith("m") ? 60_000 : 3_600_000;
            assertEquals(Long.parseLong(text.strip().replaceAll("[a-z]", "")) * unit, Long.parseLong(value), what);
        } else if (setting.type().equals("list")) {
            assertEquals(Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList(), List.of(value.split(",")),
                    what);
        } else {
            assertEquals(setting.isSecret() ? text : type instanceof Enum ? text.strip().toLowerCase(Locale.ROOT) : text.strip(), value,
                    what);
        }
    }

    /** What no version of YAML takes for text where it has no quotes, in words of this test. */
    private static boolean isTyped(String text) {
        return Set
                .of("true", "false", "True", "TRUE", "no", "yes", "on", "Off", "y", "N", "~", "null", "Null", "NULL", "", "<<", ".inf",
                        "-.INF",
                        ".NaN")
                .contains(text)
                || text.matches(
                        "[-+]?[\\d_]+|[-+]?0x\\d+|[-+]?0b[01]+|0o\\d+|[-+]?[\\d]*\\.?[\\d]*([eE][-+]?\\d+)?|\\d+:\\d+(\\.\\d+)?|\\d{4}-.*");
    }

    private SettingsSources sources(Setting<?> setting, String text, Style style, String written) {
        return switch (style) {
            case COMMAND_LINE -> SettingsSources.of(Map.of(setting.key(), text));
            case ENVIRONMENT -> new SettingsSources(Map.of(), Map.of(setting.environmentVariable(), text), Map.of());
            default -> new SettingsSources(Map.of(), Map.of(),
                    SettingsFile.of(style == Style.PROPERTIES ? "s.properties" : "s.yaml", written, KEYS), Map.of());
        };
    }

    private static String written(Setting<?> setting, String text, Style style) {
        String plain = isPlain(text) ? text : doubleQuoted(text);
        String form = switch (style) {
            case PLAIN -> KEY + ": " + plain;
            case NESTED -> KEY.toLowerCase(Locale.ROOT) + plain;
            case SINGLE -> KEY + ": '" + text.replace("\n", "\n\n  ") + "'";
            case DOUBLE -> KEY + ": " + doubleQuoted(text);
            case LITERAL -> KEY + ": |-\n  " + block(text);
            case FOLDED -> KEY + ": >-\n  " + block(text);
            case STRING_TAG -> KEY + ": !!str " + doubleQuoted(text);
            case OTHER_TAG -> KEY + ": !other " + doubleQuoted(text);
            case ANCHOR -> KEY + ": &anchor " + plain;
            case ALIAS -> "topics.prefix: &anchor " + plain + "\n" + KEY + ": *anchor";
            case LIST -> KEY + ": [" + doubleQuoted(text) + "]";
            case BLOCK_LIST -> KEY + ":\n- " + doubleQuoted(text);
            case LIST_OF_TWO -> KEY + ": [" + doubleQuoted(text) + ", second]";
            case LIST_OF_LIST -> KEY + ": [[" + doubleQuoted(text) + "]]";
            case MAP -> KEY + ": {text: " + doubleQuoted(text) + "}";
            case SET -> KEY + ": !!set {" + doubleQuoted(text) + "}";
            case TWICE -> KEY + ": " + doubleQuoted(text) + "\n" + KEY + ": " + doubleQuoted(text);
            case PROPERTIES -> KEY + "=" + text.replace("\n", "\\n").replaceFirst("^ ", "\\\\ ");
            case ENVIRONMENT, COMMAND_LINE -> text;
        };
        return style == Style.NESTED ? nested(setting.key(), plain) : form.replace(KEY, setting.key());
    }

    private static String nested(String key, String value) {
        int dot = key.indexOf('.');
        return key.substring(0, dot) + ":\n  " + key.substring(dot + 1) + ": " + value + "\n";
    }

    /** Whether YAML takes it as it is where it has no quotes. */
    private static boolean isPlain(String text) {
        return text.equals(text.strip()) && !text.contains("\n") && !text.contains("\t") && !text.equals(",");
    }

    private static String doubleQuoted(String text) {
        return "\"" + text.replace("\n", "\\n").replace("\t", "\\t") + "\"";
    }

    private static String block(String text) {
        return text.strip().isEmpty() ? "" : text.strip().replace("\n", "\n\n  ");
    }
}
