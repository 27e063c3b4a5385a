package dev.promptgate.benchmarks.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's classifier in a process of its own, under load while the prompt changes. */
class RolloutsUnderLoadIT {
    @Test
    void aRolloutEverySecondFailsNoRequestAndEveryAnswerNamesALivePrompt(@TempDir Path directory) throws Exception {
        Path summary = directory.resolve("classify.json");
        Path log = directory.resolve("bench.log");
        ProcessBuilder bench = new ProcessBuilder("../../services/cli/target/promptgate/bin/promptgate", "bench", "classify", "--shape",
                "model", "--images", "64", "--seconds", "5", "--rollouts", "--summary", summary.toString());
        bench.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int exitCode = bench.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        assertEquals(0, exitCode, Files.readString(log));
        JsonNode swaps = new ObjectMapper().readTree(summary.toFile()).path("under_rollouts");
        assertTrue(swaps.path("rollouts").asInt() >= 4 && swaps.path("versions_seen").asInt() >= 3, swaps.toString());
        assertTrue(swaps.path("requests").asInt() > 0, swaps.toString());
        for (String figure : new String[] {"failed", "not_live_yet", "not_live_any_more"}) {
            assertEquals(0, swaps.path(figure).asInt(-1), swaps.toString());
        }
    }
}
