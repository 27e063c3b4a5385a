package dev.promptgate.clip.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a hub on loopback. */
class ModelSourceTest {
    @TempDir
    Path cache;

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> etags = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String authorization;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        for (String name : new String[] {"config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"}) {
            files.put("/org/model/resolve/main/" + name, ("content of " + name).getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void downloadsOnceAndThenAsksNobody() throws IOException {
        Path directory = ModelSource.resolve("org/model", options());
        assertEquals("content of model.safetensors", Files.readString(directory.resolve("model.safetensors")));
        int first = requests.get();
        assertEquals(directory, ModelSource.resolve("org/model", options()));
        assertEquals(first, requests.get());
    }

    @Test
    void takesARevision() {
        files.forEach((path, content) -> files.put(path.replace("/main/", "/v2/"), content));
        assertTrue(ModelSource.resolve("org/model@v2", options()).toString().endsWith("@v2"));
    }

    @Test
    void rightChecksumIsAccepted() throws Exception {
        etags.put("/org/model/resolve/main/model.safetensors",
                HexFormat.of().formatHex(
                        MessageDigest.getInstance("SHA-256").digest("content of model.safetensors".getBytes(StandardCharsets.UTF_8))));
        assertTrue(Files.exists(ModelSource.resolve("org/model", options()).resolve("model.safetensors")));
    }

    @Test
    void wrongChecksumLeavesNothingBehind() throws IOException {
        etags.put("/org/model/resolve/main/model.safetensors", "0".repeat(64));
        assertRefused("org/model", "checksum");
        try (Stream<Path> left = Files.walk(cache)) {
            assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith("model.safetensors")));
        }
    }

    @Test
    void unknownModelIsNamed() {
        assertRefused("org/unknown", "org/unknown");
    }

    @Test
    void offlineSaysWhatToDo() {
        server.stop(0);
        assertRefused("org/model", "give --model a directory");
    }

    @Test
    void namesThatAreNoneAreRefusedWithoutARequest() {
        assertRefused("../../etc/passwd", "no such model");
        assertRefused("just-a-word", "no such model");
        assertEquals(0, requests.get());
    }

    @Test
    void sendsTheTokenButNeverShowsIt() {
        HubOptions options = new HubOptions(address(), cache, Optional.of("hf_secret"));
        ModelSource.resolve("org/model", options);
        assertEquals("Bearer hf_secret", authorization);
        assertFalse(options.toString().contains("hf_secret"));
    }

    private void assertRefused(String model, String word) {
        ModelException e = assertThrows(ModelException.class, () -> ModelSource.resolve(model, options()));
        assertTrue(e.getMessage().contains(word), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    private HubOptions options() {
        return new HubOptions(address(), cache, Optional.empty());
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        authorization = exchange.getRequestHeaders().getFirst("authorization");
        String path = exchange.getRequestURI().getPath();
        byte[] content = files.get(path);
        if (etags.containsKey(path)) {
            exchange.getResponseHeaders().add("ETag", "\"" + etags.get(path) + "\"");
        }
        exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
        if (content != null) {
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }
}
