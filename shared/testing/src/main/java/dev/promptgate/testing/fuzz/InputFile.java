package dev.promptgate.testing.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that each input is written to. */
public final class InputFile {
    private InputFile() {}

    /**
     * Writes it anew: a file that is overwritten waits for the disk in ext4, nearly 3 ms each time, one that was deleted before does not.
     */
    public static Path write(Path path, byte[] bytes) throws IOException {
        Files.deleteIfExists(path);
        return Files.write(path, bytes);
    }
}
