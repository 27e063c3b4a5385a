package dev.promptgate.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the distribution when everything is built. */
class DistributionIT {
    private static final Path DISTRIBUTION = Path.of("../../services/cli/target/promptgate");
    private static final Pattern OF_TESTS = Pattern.compile("(junit|opentest4j|apiguardian|awaitility|hamcrest|quicktheories|mockito|"
            + "testcontainers|archunit|local-s3|jmh|playwright|vertx-junit5|promptgate-(testing|chaos|monitoring|console-tests|k8s)).*");

    @Test
    void noTestLibraryShips() throws IOException {
        try (Stream<Path> files = Files.walk(DISTRIBUTION.resolve("lib"))) {
            List<String> jars = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar")).toList();
            assertTrue(jars.size() > 50, jars.toString());
            assertEquals(List.of(), jars.stream().filter(name -> OF_TESTS.matcher(name).matches()).toList());
        }
    }

    /** Two versions of a library would make it a matter of the file system which one is used. */
    @Test
    void everyLibraryIsThereOnce() throws IOException {
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            List<String> names = files.map(file -> file.getFileName().toString().replaceAll("-\\d.*", "")).toList();
            assertEquals(names.stream().distinct().sorted().toList(), names.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "bench", "history"})
    void commandsPlugIn(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(DISTRIBUTION.resolve("bin/promptgate").toString(), command, "--help");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("Usage: promptgate " + command), output);
    }
}
