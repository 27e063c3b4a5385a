package dev.promptgate.service.settings.notation;

import java.util.regex.Pattern;

/**
 * Numbers that everyone reads alike: decimal digits, no zero in front, no plus, no underscores, nothing that is not finite. All methods
 * throw NumberFormatException for others.
 */
public final class PlainNumbers {
    private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]*)");
    private static final Pattern DECIMAL = Pattern.compile("-?(?:(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern ZERO = Pattern.compile("[-+0.]*(?:[eE].*)?");

    private PlainNumbers() {}

    public static int integer(String text) {
        return Integer.parseInt(required(INTEGER, text));
    }

    public static long longInteger(String text) {
        return Long.parseLong(required(INTEGER, text));
    }

    /** Neither does a number too large become infinite, nor one too small zero. */
    public static double decimal(String text) {
        double value = Double.parseDouble(required(DECIMAL, text));
        if (Double.isInfinite(value) || value == 0 && !ZERO.matcher(text).matches()) {
            throw new NumberFormatException("out of range");
        }
        return value;
    }

    /** Whether it is such a number of any size. */
    public static boolean isNumber(String text) {
        return DECIMAL.matcher(text).matches();
    }

    private static String required(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new NumberFormatException("not in plain notation");
        }
        return text;
    }
}
