package dev.promptgate.benchmarks.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.Output;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"step", "decode", "encode", "classify", "classes", "suspects"})
    void everyBenchmarkHasItsManual(String name) {
        Output output = Output.of("bench", name, "--help");
        assertEquals(0, output.exitCode());
        assertTrue(output.out().contains("Usage: promptgate bench " + name), output.out());
    }

    @Test
    void benchStepWritesItsSummary(@TempDir Path directory) throws Exception {
        Path summary = directory.resolve("step.json");
        Output output = Output.of("bench", "step", "--shape", "mini", "--classes", "5", "--rounds", "1", "--batch", "8", "--summary",
                summary.toString());
        assertEquals(0, output.exitCode(), output.err());
        var json = new ObjectMapper().readTree(summary.toFile());
        assertTrue(json.path("max_relative_gradient_difference").asDouble(1) <= 1e-4, json.toString());
        assertEquals(0, json.path("managed_arrays_growth").asLong(-1), json.toString());
        assertTrue(json.path("full_length_ms").asDouble() > 0 && json.path("prefix_shared_ms").asDouble() > 0
                && json.path("ratio").asDouble() > 0, json.toString());
        assertTrue(json.path("step_ms").asDouble() > 0 && json.path("resident_mb").asDouble() > 50, json.toString());
    }

    @Test
    void aStepOfManyClassesIsTimedOverASampleOfThem(@TempDir Path directory) throws Exception {
        Path summary = directory.resolve("step.json");
        Output output = Output.of("bench", "step", "--shape", "mini", "--classes", "300", "--classes-per-step", "20", "--rounds", "1",
                "--batch", "8", "--summary", summary.toString());
        assertEquals(0, output.exitCode(), output.err());
        var json = new ObjectMapper().readTree(summary.toFile());
        assertEquals(20, json.path("classes_per_step").asInt(), json.toString());
        assertTrue(json.path("step_ms").asDouble() > 0 && json.path("full_length_ms").isMissingNode(), json.toString());
    }

    @Test
    void aStepWithoutRoomForOtherClassesIsRefused() {
        Output output = Output.of("bench", "step", "--shape", "mini", "--classes", "300", "--classes-per-step", "8", "--batch", "8");
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("--classes-per-step must exceed --batch"), output.err());
    }
}
