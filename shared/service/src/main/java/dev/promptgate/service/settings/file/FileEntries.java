package dev.promptgate.service.settings.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a file says, each key once. Not thread-safe. */
final class FileEntries {
    private final String file;
    private final Map<String, WrittenValue> values = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    FileEntries(String file) {
        this.file = file;
    }

    /** A second value for a key is a fault: which one was meant cannot be told. */
    void add(String key, WrittenValue value) {
        WrittenValue first = values.putIfAbsent(key, value);
        if (first != null) {
            faults.add("A setting stands twice; leave one [setting: %s, file: %s, lines: %d and %d]".formatted(key, file, first.line(),
                    value.line()));
        }
    }

    void fault(String sentence, int line) {
        faults.add("%s [file: %s, line: %d]".formatted(sentence, file, line));
    }

    Map<String, WrittenValue> values() {
        return values;
    }

    List<String> faults() {
        return faults;
    }
}
