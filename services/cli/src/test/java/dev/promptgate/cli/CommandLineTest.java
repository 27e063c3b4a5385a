package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "encoder", "learner", "evaluator", "classifier", "ingest", "console", "produce", "topics", "trace",
            "compare",
            "model",
            "keys", "keys generate", "labels", "labels merge", "suspects", "settings", "meters"})
    void everyCommandHasItsManual(String command) {
        Output output = Output.of((command + " --help").split(" "));
        assertEquals(0, output.exitCode());
        assertTrue(output.out().contains("Usage: promptgate " + command), output.out());
    }

    @Test
    void unknownCommandsGetASuggestion() {
        Output output = Output.of("dmo");
        assertEquals(2, output.exitCode());
        assertTrue(output.err().contains("demo"), output.err());
    }

    @Test
    void unknownOptionsGetASuggestion() {
        Output output = Output.of("demo", "--sumary", "x");
        assertEquals(2, output.exitCode());
        assertTrue(output.err().contains("--summary"), output.err());
    }

    @Test
    void unknownSettingsGetASuggestion() {
        Output output = Output.of("settings", "--set", "learner.minshots=3");
        assertEquals(2, output.exitCode());
        assertTrue(output.err().contains("did you mean learner.min-shots?"), output.err());
    }

    @Test
    void settingsShowTheValueInForce(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("s.yaml"), "learner:\n  min-shots: 5\n  shots: 20\n");
        Output output = Output.of("settings", "--config", file.toString(), "--set", "learner.min-shots=6");
        assertTrue(output.out().contains("learner.min-shots = 6"), output.out());
        assertTrue(output.out().contains("learner.shots = 20"), output.out());
    }

    @Test
    void contradictingSettingsAreOneLine() {
        Output output = Output.of("demo", "--set", "learner.lower-bound=0.9");
        assertEquals(2, output.exitCode());
        assertEquals(1, output.err().lines().filter(line -> line.startsWith("promptgate: ")).count(), output.err());
    }

    @Test
    void brokersThatDoNotAnswerAreOneLine() {
        Output output = Output.of("topics", "--bootstrap-servers", "127.0.0.1:1", "--set", "kafka.property.default.api.timeout.ms=1500",
                "--set",
                "kafka.property.request.timeout.ms=1000");
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("Kafka does not answer"), output.err());
    }

    @Test
    void imagesThatAreNotThereAreOneLine() {
        Output output = Output.of("produce", "nowhere");
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("There is no data here"), output.err());
        Output demo = Output.of("demo", "--images", "nowhere");
        assertEquals(1, demo.exitCode());
        assertTrue(demo.err().startsWith("promptgate: There is no data here"), demo.err());
    }
}
