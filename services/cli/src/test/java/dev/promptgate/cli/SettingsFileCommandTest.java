package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with a settings file, by the entry point: no service starts less guarded than the file says. */
class SettingsFileCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"api:\n  token:\n    - hunter22\n", "api.token: [hunter22]", "api.token: {a: hunter22}", "api.token:",
            "api.token: null", "api.token: 'hunter22\n\n  hunter22'", "trust.rollout-public-keys: []", "trust.rollout-public-keys: [[a]]",
            "trust: {rollout-signing-key: [a]}", "api.tls-certificate: ~", "kafka.property.security.protocol: [SASL_SSL]",
            "kafka.property.security.protocol:", "evaluator.max-seen-drop: .NaN", "evaluator.confidence: Infinity", "http.port: 0900"})
    void aServiceEndsWithOneLineWhereItsFileIsNotClear(String yaml) throws IOException {
        for (String command : List.of("classifier", "console", "evaluator")) {
            Output output = Output.of(command, "--config", write(yaml));
            assertEquals(2, output.exitCode(), output.err());
            assertEquals(1, output.err().lines().count(), output.err());
            assertTrue(output.err().startsWith("promptgate: ") && output.err().contains(", line: "), output.err());
            assertFalse(output.err().contains("hunter22"), output.err());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "trust: {rollout-public-keys: [/nowhere/rollouts.pub]}|trust.rollout-public-keys = /nowhere/rollouts.pub",
            "trust: {rollout-public-keys: /nowhere/rollouts.pub}|trust.rollout-public-keys = /nowhere/rollouts.pub",
            "kafka: {bootstrap-servers: [a:9092, b:9092]}|kafka.bootstrap-servers = a:9092,b:9092"})
    void listsAreInForce(String yaml, String inForce) throws IOException {
        Output output = Output.of("settings", "--config", write(yaml));
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().lines().anyMatch(inForce::equals), output.out());
    }

    @Test
    void assignmentsOnTheCommandLineAreHeldToTheSame() {
        assertRefused("A setting stands twice; leave one [setting: http.port]", "http.port=1", "http.port=2");
        assertRefused("http.port must be a integer [value: 010]", "http.port=010");
        assertRefused("api.token must not be empty; leave it out for none", "api.token=");
        assertRefused("api.token must be one line", "api.token=hunter22\n");
        assertRefused("trust.rollout-public-keys must be a list: it has no element", "trust.rollout-public-keys=,");
        assertRefused("--set takes KEY=VALUE", "api.token:hunter22");
        assertRefused("--set takes KEY=VALUE", "=hunter22");
    }

    private static void assertRefused(String words, String... assignments) {
        List<String> args = new ArrayList<>(List.of("settings"));
        List.of(assignments).forEach(assignment -> args.addAll(List.of("--set", assignment)));
        Output output = Output.of(args.toArray(String[]::new));
        assertEquals(2, output.exitCode(), output.out());
        assertTrue(output.err().contains(words), output.err());
        assertFalse(output.err().contains("hunter22"), output.err());
    }

    private String write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("settings.yaml"), yaml).toString();
    }
}
