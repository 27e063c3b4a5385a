package dev.promptgate.service.settings.file;

import java.util.List;

/**
 * What a settings file has for a key, before it is known of what type the setting is.
 *
 * @param texts the value as it is written, a list's elements, or what is known of a value that is none
 * @param fault why it can be no setting's value: a sentence; empty unless the form is {@link Form#NO_VALUE}
 * @param line of the file, from 1
 */
public record WrittenValue(Form form, List<String> texts, String fault, int line) {
    /** How much its notation says of its type. */
    public enum Form {
        /** Text and nothing else: in quotes, or without another meaning. */
        TEXT,
        /** The same as a block or over several lines, which YAML joins. */
        LINES,
        /** Without quotes, and YAML takes it for a number, a truth value or a time. */
        TYPED,
        /** Texts, none of them empty or with a comma. */
        LIST,
        /** A map, nothing at all, or what else no setting takes. */
        NO_VALUE
    }

    static WrittenValue text(String text, int line) {
        return new WrittenValue(Form.TEXT, List.of(text), "", line);
    }

    static WrittenValue none(String fault, List<String> texts, int line) {
        return new WrittenValue(Form.NO_VALUE, texts, fault, line);
    }
}
