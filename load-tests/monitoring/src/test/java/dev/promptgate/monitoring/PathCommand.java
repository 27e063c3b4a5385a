package dev.promptgate.monitoring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Commands that a test needs and that not every machine has. */
final class PathCommand {
    private PathCommand() {}

    /** Skips the test, with a message, where the command is not on the PATH. */
    static void assumePresent(String command) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
        Assumptions.assumeTrue(found, "Skipped: no %s on the PATH. Debian's package prometheus has it.".formatted(command));
    }
}
