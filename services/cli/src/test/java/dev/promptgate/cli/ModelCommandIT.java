package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandIT {
    @Test
    void bundledModelIsDescribedTriedAndTimed(@TempDir Path directory) throws IOException {
        Path summary = directory.resolve("model.json");
        Output output = Output.of("model", "--classes", "5", "--summary", summary.toString());
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().contains("Hugging Face"), output.out());
        JsonNode figures = new ObjectMapper().readTree(summary.toFile());
        assertEquals(4_086_017, figures.path("parameters").asLong(), figures.toPrettyString());
        assertTrue(figures.path("fingerprint").asText().startsWith("sha256:"), figures.toPrettyString());
        for (String timed : new String[] {"image_ms", "prompt_ms", "gcscoop_step_ms"}) {
            assertTrue(figures.path(timed).asDouble() > 0, timed);
        }
    }

    @Test
    void modelsWithoutTokenizerAreToldAsSuch(@TempDir Path directory) throws IOException {
        Output output = Output.of("model", copy(directory, "config.json", "model.safetensors").toString(), "--classes", "3");
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().contains("none: images can be encoded, prompts cannot"), output.out());
    }

    @Test
    void badModelsEndInOneLine(@TempDir Path directory) throws IOException {
        Path model = copy(directory, "config.json");
        Files.write(model.resolve("model.safetensors"), new byte[20]);
        Output output = Output.of("model", model.toString());
        assertEquals(1, output.exitCode());
        assertEquals(1, output.err().lines().count(), output.err());
        assertTrue(output.err().contains("model.safetensors"), output.err());
    }

    private static Path copy(Path to, String... files) throws IOException {
        for (String file : files) {
            Files.copy(GoldenFolders.committed("gcscoop/b").resolve(file), to.resolve(file));
        }
        return to;
    }
}
