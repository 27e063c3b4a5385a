package dev.promptgate.service.settings;

import dev.promptgate.service.settings.file.SettingsFile;
import dev.promptgate.service.settings.file.WrittenValue;
import dev.promptgate.service.settings.file.WrittenValue.Form;
import dev.promptgate.service.settings.notation.PlainNumbers;
import dev.promptgate.service.settings.notation.SettingText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects values from one source after the other, later ones over earlier ones, and everything that is wrong with them: also with what is
 * overridden, which would be wrong the day that nothing overrides it. Not thread-safe.
 */
final class Resolution {
    private final SettingsCatalogue catalogue;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, String> open = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    Resolution(SettingsCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    Map<String, Object> values() {
        return values;
    }

    /** What stands under open prefixes. */
    Map<String, String> open() {
        return open;
    }

    List<String> violations() {
        return violations;
    }

    void take(String source, Map<String, String> texts) {
        texts.forEach((key, text) -> {
            if (isKnown(key, source)) {
                take(key, text, "]");
            }
        });
    }

    void take(SettingsFile file) {
        violations.addAll(file.faults());
        file.values().forEach((key, written) -> {
            if (!isKnown(key, "the settings file")) {
                return;
            }
            Optional<String> fault = fault(key, written);
            if (fault.isPresent()) {
                violations.add("%s %s [setting: %s%s".formatted(key, fault.get(), key, file.where(written)));
            } else {
                take(key, String.join(",", written.texts()), file.where(written));
            }
        });
    }

    private boolean isKnown(String key, String source) {
        boolean isKnown = catalogue.setting(key).isPresent() || catalogue.isOpen(key);
        if (!isKnown) {
            violations.add("Unknown setting in %s; did you mean %s? [key: %s]".formatted(source, catalogue.nearest(key), key));
        }
        return isKnown;
    }

    /** @param where ends what is said of it */
    private void take(String key, String text, String where) {
        Optional<Setting<?>> setting = catalogue.setting(key);
        if (setting.isPresent()) {
            try {
                values.put(key, setting.get().parse(text));
            } catch (IllegalArgumentException e) {
                violations.add(e.getMessage().substring(0, e.getMessage().length() - 1) + where);
            }
            return;
        }
        Optional<String> fault = isPassword(key, text) ? SettingText.faultOfSecret(text) : Optional.empty();
        fault.ifPresentOrElse(must -> violations.add("%s must %s [setting: %s%s".formatted(key, must, key, where)),
                () -> open.put(key, text));
    }

    /** A login module's configuration and a PEM text are secrets, too, but may be of several lines. */
    private boolean isPassword(String key, String text) {
        return catalogue.isOpenSecret(key) && !key.contains("jaas") && !text.strip().startsWith("-----BEGIN");
    }

    /** What is wrong with how a value is written, following the key in a sentence. */
    private Optional<String> fault(String key, WrittenValue written) {
        Optional<Setting<?>> setting = catalogue.setting(key);
        String text = written.texts().isEmpty() ? "" : written.texts().get(0);
        return switch (written.form()) {
            case NO_VALUE -> Optional.of(written.fault());
            case LIST -> when(setting.isEmpty() || !setting.get().isList(), "takes one value, not a list");
            case LINES -> when(setting.isPresent() ? setting.get().isSecret() : isPassword(key, text), "is a secret and must be one line");
            case TYPED -> when(setting.isPresent() ? setting.get().isText() : !isPlain(text),
                    "is a text that YAML takes for a number, a truth value or a time; put it in quotes");
            case TEXT -> Optional.empty();
        };
    }

    private static Optional<String> when(boolean isFault, String fault) {
        return isFault ? Optional.of(fault) : Optional.empty();
    }

    /** Whether Kafka, which knows the type, reads the same as YAML. */
    private static boolean isPlain(String text) {
        return text.equals("true") || text.equals("false") || PlainNumbers.isNumber(text);
    }
}
