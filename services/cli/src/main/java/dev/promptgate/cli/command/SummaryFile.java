package dev.promptgate.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

public final class SummaryFile {
    private SummaryFile() {}

    /** Over what is there; nothing if {@code file} is null. */
    public static void write(Path file, Object summary) throws IOException {
        if (file != null) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), summary);
        }
    }
}
