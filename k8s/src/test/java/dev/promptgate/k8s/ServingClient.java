package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Asks classifier, ingest and console as an application or a page would, with the token. */
final class ServingClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String token;
    private final int classifierPort = EmbeddedKafka.freePort();
    private final int ingestPort = EmbeddedKafka.freePort();
    private final int consolePort = EmbeddedKafka.freePort();

    ServingClient(String token) {
        this.token = token;
    }

    Map<String, String> settings() {
        return Map.of("api.token", token, "classifier.host", "127.0.0.1", "classifier.port", String.valueOf(classifierPort), "ingest.host",
                "127.0.0.1",
                "ingest.port", String.valueOf(ingestPort), "console.host",
                "127.0.0.1",
                "console.port", String.valueOf(consolePort), "console.classifier-url", "http://127.0.0.1:" + classifierPort);
    }

    JsonNode classify(byte[] image) throws IOException, InterruptedException {
        return post(classifierPort, "/v1/classify", "image/jpeg", image, 200);
    }

    /** The same by way of the console. */
    JsonNode classifyOnThePage(byte[] image) throws IOException, InterruptedException {
        return post(consolePort, "/api/classify", "image/jpeg", image, 200);
    }

    /** Sends an event as Label Studio does. */
    void labelStudio(String event, int expected) throws IOException, InterruptedException {
        post(ingestPort, "/v1/label-studio", "application/json", event.getBytes(StandardCharsets.UTF_8), expected);
    }

    void command(String action) throws IOException, InterruptedException {
        post(consolePort, "/api/commands", "application/json", JSON.writeValueAsBytes(Map.of("action", action, "reason", "a test")), 202);
    }

    /** Everything that the page shows. */
    JsonNode state() throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(address(consolePort, "/api/state")), 200);
    }

    private JsonNode post(int port, String path, String contentType, byte[] body, int expected) throws IOException, InterruptedException {
        return answer(
                HttpRequest.newBuilder(address(port, path)).header("Authorization", "Bearer " + token).header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                expected);
    }

    private JsonNode answer(HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != expected) {
            throw new IOException("%s answered %d: %s".formatted(response.uri(), response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8)));
        }
        return JSON.readTree(response.body());
    }

    private static URI address(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
