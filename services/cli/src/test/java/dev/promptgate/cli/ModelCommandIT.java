package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
        assertEquals(4_103_041, figures.path("parameters").asLong(), figures.toPrettyString());
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

    /** The README's way: a name and a revision, downloaded by a process that knows the hub from its environment. */
    @Test
    void aNameIsDownloadedOnceAndThenNeedsNoNetwork(@TempDir Path directory) throws Exception {
        Path published = BundledModel.extractTo(directory.resolve("published"));
        AtomicInteger requests = new AtomicInteger();
        HttpServer hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> {
            requests.incrementAndGet();
            Path file = published.resolve(exchange.getRequestURI().getRawPath().replace("/org/clip/resolve/refs%2Fpr%2F15/", "./"));
            byte[] content = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(content.length == 0 ? 404 : 200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        hub.start();
        Map<String, String> environment = new HashMap<>(Map.of("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort(), "HF_HOME",
                directory.toString(), "NO_PROXY", "127.0.0.1", "PROMPTGATE_MODEL_CACHE_DIRECTORY", directory.resolve("cache").toString()));
        String[] command = {"model", "org/clip@refs/pr/15", "--classes", "3"};
        try {
            try (RunningService first = RunningService.start(directory, environment, command)) {
                Output output = first.ended();
                assertEquals(0, output.exitCode(), output.err());
                assertTrue(output.out().contains("BOS 4094, EOS 4095"), output.out());
                assertTrue(requests.get() > 0);
            }
            requests.set(0);
            environment.put("HF_HUB_OFFLINE", "1");
            try (RunningService again = RunningService.start(directory, environment, command)) {
                assertEquals(0, again.ended().exitCode());
            }
            command[1] = "org/clip";
            try (RunningService other = RunningService.start(directory, environment, command)) {
                Output output = other.ended();
                assertEquals(1, output.exitCode());
                assertTrue(output.err().contains("HF_HUB_OFFLINE"), output.err());
            }
            assertEquals(0, requests.get());
        } finally {
            hub.stop(0);
        }
    }

    private static Path copy(Path to, String... files) throws IOException {
        for (String file : files) {
            Files.copy(GoldenFolders.committed("gcscoop/b").resolve(file), to.resolve(file));
        }
        return to;
    }
}
