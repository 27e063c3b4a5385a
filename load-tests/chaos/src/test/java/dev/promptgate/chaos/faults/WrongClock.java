package dev.promptgate.chaos.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A process whose clock is wrong, by Debian's libfaketime where it is installed. */
final class WrongClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String NAME = "faketime/libfaketimeMT.so.1";

    private WrongClock() {}

    static Optional<Path> library() {
        try (Stream<Path> folders = Files.list(LIBRARIES)) {
            return folders.map(folder -> folder.resolve(NAME)).filter(Files::exists).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The variables of a process whose clock is ahead by so many minutes. What measures spans of time goes on as it does. */
    static Map<String, String> environment(int minutes) {
        return Map.of("LD_PRELOAD", library().orElseThrow().toString(), "FAKETIME", "%+dm".formatted(minutes),
                "FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
}
