package dev.promptgate.experiments.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a folder holds that is no labelled image: counted by the reason. */
final class PassedOver {
    enum Reason {
        HIDDEN("hidden"),
        NO_IMAGE("no images by their names"),
        NO_CLASS("in no class's folder"), //
        /** Of a loop, or to a folder that is read under another name. */
        LINKED_AGAIN("links to folders that are read already"),
        BROKEN_LINK("links that lead nowhere"), //
        // bytes that no label can be made of
        UNNAMED("names that are not UTF-8");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final Map<Reason, List<String>> names = new EnumMap<>(Reason.class);

    void add(Reason reason, String name) {
        names.computeIfAbsent(reason, first -> new ArrayList<>()).add(name);
    }

    List<String> of(Reason reason) {
        return names.getOrDefault(reason, List.of());
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** How many of each reason, and the first of them. */
    String counts() {
        return names.entrySet().stream().map(entry -> "%s: %s".formatted(entry.getKey().words, DataException.counted(entry.getValue())))
                .collect(Collectors.joining(", "));
    }
}
