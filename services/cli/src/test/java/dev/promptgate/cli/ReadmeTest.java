package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's tables are what the command prints. */
class ReadmeTest {
    private static final Path README = Path.of("../../README.md");

    @Test
    void settingsTable() throws IOException {
        assertEquals(Output.of("settings", "--markdown").out().strip(), between("settings"));
    }

    @Test
    void metersTable() throws IOException {
        assertEquals(Output.of("meters").out().strip(), between("meters"));
    }

    static String between(String name) throws IOException {
        String text = Files.readString(README);
        String begin = "<!-- " + name + ":begin -->";
        String end = "<!-- " + name + ":end -->";
        assertTrue(text.contains(begin) && text.contains(end), "README.md lacks the marks of its table of " + name);
        return text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end)).strip();
    }
}
