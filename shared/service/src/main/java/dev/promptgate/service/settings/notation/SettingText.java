package dev.promptgate.service.settings.notation;

import java.util.Optional;

/** Which texts can be a setting's value: those of which people see every character. */
public final class SettingText {
    private SettingText() {}

    /** What is wrong with a value, completing "must …"; blanks around it do not count. */
    public static Optional<String> fault(String text) {
        if (!text.isEmpty() && text.isBlank()) {
            return Optional.of("not be blank");
        }
        return text.strip().codePoints().anyMatch(SettingText::isControl) ? Optional.of("be one line, without control characters")
                : Optional.empty();
    }

    /** The same for a secret, of which every character counts and none is ever shown. */
    public static Optional<String> faultOfSecret(String text) {
        boolean isVisible = text.codePoints().noneMatch(c -> isControl(c) || Character.getType(c) == Character.FORMAT);
        return isVisible && isWithoutBlanksAround(text) ? Optional.empty()
                : Optional.of("be one line of visible characters, without blanks around it");
    }

    private static boolean isWithoutBlanksAround(String text) {
        return text.isEmpty() || !isBlank(text.codePointAt(0)) && !isBlank(text.codePointBefore(text.length()));
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
