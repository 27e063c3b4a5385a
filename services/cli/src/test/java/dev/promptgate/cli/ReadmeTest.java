package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README is short, names the test command and every module; the tables of settings and meters are what the command prints. */
class ReadmeTest {
    private static final int MOST_BYTES = 8_000;
    private static final Path ROOT = Documents.root();

    @Test
    void isShort() throws IOException {
        assertTrue(Files.size(ROOT.resolve("README.md")) <= MOST_BYTES, "README.md is over " + MOST_BYTES + " bytes");
    }

    @Test
    void givesTheTestCommandThatTheGateRuns() throws IOException {
        String command = Files.readString(ROOT.resolve(".ci/test-command")).strip();
        List<String> given = Files.readAllLines(ROOT.resolve("README.md")).stream().filter(line -> line.matches("mvn .*\\bverify\\b.*"))
                .toList();
        assertEquals(List.of(command), given, "README.md must give the command in .ci/test-command, and no other one, for the tests");
    }

    @Test
    void namesEveryModule() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> modules = Pattern.compile("<module>(.+?)</module>").matcher(Files.readString(ROOT.resolve("pom.xml"))).results()
                .map(match -> match.group(1)).toList();
        assertTrue(modules.contains("services/cli"), modules::toString);
        assertAll(modules.stream().map(module -> () -> assertTrue(readme.contains("](" + module + ")")
                || readme.contains("](" + module + "/README.md)"), "README.md has no link to the module " + module)));
    }

    @Test
    void settingsTable() throws IOException {
        assertTable("settings", Output.of("settings", "--markdown").out().strip());
    }

    @Test
    void metersTable() throws IOException {
        assertTable("meters", Output.of("meters").out().strip());
    }

    /** With {@code -Dtables.write=true} the page is mended first. */
    private static void assertTable(String name, String table) throws IOException {
        if (Boolean.getBoolean("tables.write")) {
            String page = Files.readString(page(name));
            int from = page.indexOf(begin(name)) + begin(name).length();
            Files.writeString(page(name), page.substring(0, from) + "\n" + table + "\n" + page.substring(page.indexOf(end(name))));
        }
        assertEquals(table, between(name), page(name) + " is not what the command prints; write it with -Dtables.write=true");
    }

    /** The page's table of settings or meters. */
    static String between(String name) throws IOException {
        String page = Files.readString(page(name));
        assertTrue(page.contains(begin(name)) && page.contains(end(name)), page(name) + " lacks the marks of its table");
        return page.substring(page.indexOf(begin(name)) + begin(name).length(), page.indexOf(end(name))).strip();
    }

    private static Path page(String name) {
        return ROOT.resolve("shared/service").resolve(name.toUpperCase(Locale.ROOT) + ".md");
    }

    private static String begin(String name) {
        return "<!-- " + name + ":begin -->";
    }

    private static String end(String name) {
        return "<!-- " + name + ":end -->";
    }
}
