package dev.promptgate.experiments.protocol;

import java.util.List;
import java.util.stream.Collectors;

public final class Protocols {
    private static final List<Protocol> ALL = List.of(new BaseToNew(), new FewShot(), Transfer.crossDataset(), Transfer.crossDomain(),
            new ClassIncremental());

    private Protocols() {}

    public static String names() {
        return ALL.stream().map(Protocol::name).collect(Collectors.joining(", "));
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Protocol named(String name) {
        return ALL.stream().filter(protocol -> protocol.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no such protocol; known are " + names() + " [protocol: " + name + "]"));
    }
}
