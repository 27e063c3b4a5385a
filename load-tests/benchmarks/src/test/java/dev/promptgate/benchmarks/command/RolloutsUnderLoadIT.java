package dev.promptgate.benchmarks.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.Output;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier in a process of its own, under load while the prompt changes. */
class RolloutsUnderLoadIT {
    @Test
    void aRolloutEverySecondFailsNoRequestAndEveryAnswerNamesALivePrompt(@TempDir Path directory) throws Exception {
        Path summary = directory.resolve("classify.json");
        Output output = Output.of("bench", "classify", "--shape", "model", "--images", "64", "--seconds", "5", "--rollouts", "--summary",
                summary.toString());
        assertEquals(0, output.exitCode(), output::toString);
        JsonNode swaps = new ObjectMapper().readTree(summary.toFile()).path("under_rollouts");
        assertTrue(swaps.path("rollouts").asInt() >= 4 && swaps.path("versions_seen").asInt() >= 3, swaps.toString());
        assertTrue(swaps.path("requests").asInt() > 0, swaps.toString());
        for (String figure : new String[] {"failed", "not_live_yet", "not_live_any_more"}) {
            assertEquals(0, swaps.path(figure).asInt(-1), swaps.toString());
        }
    }
}
