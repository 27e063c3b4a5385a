package dev.promptgate.messaging.record;

/** Text from outside, fit to stand in a message of one line. */
public final class Quoted {
    private static final int MAX_LENGTH = 100;

    private Quoted() {}

    /** At most 100 characters, control characters and line separators replaced by {@code ?}. */
    public static String of(String text) {
        return of(text, MAX_LENGTH);
    }

    public static String of(String text, int maxLength) {
        StringBuilder quoted = new StringBuilder();
        text.codePoints().limit(maxLength)
                .forEach(c -> quoted.appendCodePoint(Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR ? '?' : c));
        return text.codePointCount(0, text.length()) > maxLength ? quoted.append('…').toString() : quoted.toString();
    }
}
