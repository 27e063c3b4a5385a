package dev.promptgate.service.settings.file;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** Reads the notation of {@link Properties}, an entry at a time, so that each has its line and none hides another. */
final class PropertiesSettings {
    private static final Pattern COMMENT_OR_BLANK = Pattern.compile("[ \\t\\f]*(?:[#!].*)?");
    private static final Pattern GOES_ON = Pattern.compile("(?s).*(?<!\\\\)(?:\\\\\\\\)*\\\\");
    /** {@link Properties} drops the backslash before any other character, as in {@code C:\keys}. */
    private static final Pattern LOST_BACKSLASH = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\[^tnfru\\\\\\s:=#!]");

    private final FileEntries entries;

    PropertiesSettings(FileEntries entries) {
        this.entries = entries;
    }

    void read(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (COMMENT_OR_BLANK.matcher(lines.get(i)).matches()) {
                continue;
            }
            int first = i;
            StringBuilder entry = new StringBuilder(lines.get(i));
            while (GOES_ON.matcher(lines.get(i)).matches() && i + 1 < lines.size()) {
                entry.append('\n').append(lines.get(++i));
            }
            entry(entry.toString(), first + 1);
        }
    }

    private void entry(String text, int line) {
        if (LOST_BACKSLASH.matcher(text).find()) {
            entries.fault("A backslash stands before a character that needs none; write it twice", line);
            return;
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException("A string cannot fail to be read", e);
        } catch (IllegalArgumentException e) {
            entries.fault("A character's number is malformed; write it like \\u00e9", line);
            return;
        }
        properties.forEach((key, value) -> entries.add(key.toString(), WrittenValue.text(value.toString(), line)));
    }
}
