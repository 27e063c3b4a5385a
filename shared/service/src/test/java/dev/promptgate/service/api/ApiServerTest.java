package dev.promptgate.service.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerTest {
    private static final String TOKEN = "correct-horse";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Vertx vertx;
    private static HttpServer server;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        Router router = ApiServer.router(vertx);
        router.get("/broken").handler(context -> {
            throw new IllegalStateException("the inside");
        });
        router.get("/busy").handler(context -> context.fail(Problem.of(503, "Come again").with("Retry-After", "1").exception()));
        router.get("/secret").handler(new BearerToken(TOKEN)).handler(context -> context.end("open"));
        router.post("/small").consumes("text/plain").handler(BodyHandler.create(false).setBodyLimit(10))
                .handler(context -> context.end("taken"));
        server = ApiServer.open(vertx, router, new HttpServerOptions(), settings(Map.of("api.allowed-hosts", "Console.example.org")),
                "127.0.0.1", 0).await();
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static ApiSettings settings(Map<String, String> commandLine) {
        return new ApiSettings(
                new SettingsCatalogue(ApiSettings.ALL.all(), List.of(), key -> true)
                        .resolve(new SettingsSources(commandLine, Map.of(), Map.of())));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.actualPort(), path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonObject assertProblem(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode());
        assertEquals(Problem.CONTENT_TYPE, response.headers().firstValue("Content-Type").orElseThrow());
        JsonObject problem = new JsonObject(response.body());
        assertEquals(status, problem.getInteger("status"));
        assertFalse(problem.getString("title").isBlank());
        assertFalse(problem.getString("detail").isBlank());
        return problem;
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere,404", "DELETE,/broken,405", "GET,/broken,500"})
    void everyRefusalIsAProblem(String method, String path, int status) throws Exception {
        assertProblem(status, send(request(path).method(method, BodyPublishers.noBody())));
    }

    @Test
    void aBodyMustBeOfTheRightTypeAndSize() throws Exception {
        assertProblem(415, send(request("/small").header("Content-Type", "image/png").POST(BodyPublishers.ofString("x"))));
        assertProblem(413, send(request("/small").header("Content-Type", "text/plain").POST(BodyPublishers.ofString("longer than ten"))));
        assertEquals(200, send(request("/small").header("Content-Type", "text/plain").POST(BodyPublishers.ofString("short"))).statusCode());
    }

    @Test
    void nothingOfTheInsideIsTold() throws Exception {
        String body = send(request("/broken").GET()).body();
        assertFalse(body.contains("inside") || body.contains("Exception") || body.contains("promptgate"), body);
    }

    @Test
    void aProblemKeepsItsHeaders() throws Exception {
        HttpResponse<String> response = send(request("/busy").GET());
        assertEquals("Come again", assertProblem(503, response).getString("detail"));
        assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer ", "Basic correct-horse", "Bearer correct-horse-and-more"})
    void whoDoesNotKnowTheTokenIsRefused(String header) throws Exception {
        HttpResponse<String> response = send(request("/secret").header("Authorization", header).GET());
        assertProblem(401, response);
        assertTrue(response.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer correct-horse", "bearer correct-horse"})
    void whoKnowsItIsLetIn(String header) throws Exception {
        assertProblem(401, send(request("/secret").GET()));
        assertEquals("open", send(request("/secret").header("Authorization", header).GET()).body());
    }

    @ParameterizedTest
    @CsvSource({"NO HTTP AT ALL,400", "GET /%s HTTP/1.1,414"})
    void whatIsNoRequestIsAProblemToo(String line, int status) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream().write((line.formatted("a".repeat(10_000)) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 " + status) || answer.startsWith("HTTP/1.0 " + status), answer);
            assertTrue(answer.contains(Problem.CONTENT_TYPE), answer);
        }
    }

    /** A page whose name was made to lead here asks for that name. */
    @ParameterizedTest
    @CsvSource({"evil.example.net:80,421", "127.0.0.1.example.net,421", "LOCALHOST:1234,404", "127.0.0.1,404", "[::1]:80,404",
            "console.example.org,404"})
    void onLoopbackOnlyItsOwnNamesAreAnswered(String host, int status) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream().write("GET /nowhere HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 " + status) && answer.contains(Problem.CONTENT_TYPE), answer);
        }
    }

    @Test
    void elsewhereItIsReachedByNamesThatItDoesNotKnow() {
        assertFalse(HostNames.of("0.0.0.0", "").isLoopback() || HostNames.of("10.1.2.3", "").isLoopback()
                || HostNames.of("example.net", "").isLoopback());
        assertTrue(HostNames.of("localhost", "").isLoopback() && HostNames.of("::1", "").isLoopback());
    }

    @Test
    void tlsNeedsBothFiles() {
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> settings(Map.of("api.tls-certificate", "nowhere.pem")).tls());
        assertTrue(e.getMessage().contains("belong together") && e.getMessage().contains("nowhere.pem"), e.getMessage());
        assertTrue(settings(Map.of()).tls().isEmpty());
    }
}
