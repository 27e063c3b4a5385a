package dev.promptgate.console.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire to the address of a classifier, and what comes back. */
class ClassifyEndpointTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ANSWER = "{\"prompt\":{\"name\":\"default\",\"version\":3},\"labels\":[]}";

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** A console's route, before whatever answers at the classifier's address. */
    private String console(Handler<HttpServerRequest> classifier, Optional<String> token) {
        HttpServer there = vertx.createHttpServer().requestHandler(classifier).listen(0, "127.0.0.1").await();
        List<Setting<?>> known = Stream.of(KafkaSettings.ALL.all(), PromptSettings.ALL.all(), ConsoleSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        Map<String, String> settings = new HashMap<>(Map.of("console.classifier-url", "http://127.0.0.1:" + there.actualPort() + "/",
                "console.classifier-timeout", "1s", "images.max-bytes", "4096"));
        Router router = ApiServer.router(vertx);
        new ClassifyEndpoint(vertx,
                new ConsoleSettings(new SettingsCatalogue(known, List.of(), key -> true).resolve(SettingsSources.of(settings))),
                token, new ConsoleMeters(registry)).mount(router);
        return "http://127.0.0.1:" + vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await().actualPort();
    }

    private static HttpRequest request(String console, String query, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console + "/api/classify" + query))
                .header("Content-Type", "image/jpeg").POST(HttpRequest.BodyPublishers.ofString("bytes"));
        return (token == null ? request : request.header("Authorization", "Bearer " + token)).build();
    }

    private double count(String outcome) {
        return registry.get(ConsoleMeters.CLASSIFIED.name()).tag("outcome", outcome).counter().count();
    }

    @Test
    void theImageGoesThereWithTheTokenAndTheAnswerComesBackAsItIs() throws Exception {
        CompletableFuture<HttpServerRequest> seen = new CompletableFuture<>();
        CompletableFuture<Buffer> body = new CompletableFuture<>();
        String console = console(request -> {
            seen.complete(request);
            request.body().onSuccess(body::complete).onSuccess(
                    all -> request.response().putHeader("content-type", "application/json").putHeader("X-Prompt-Version", "3").end(ANSWER));
        }, Optional.of("sesame"));
        HttpResponse<String> answer = HTTP.send(request(console, "?top=7", "sesame"), HttpResponse.BodyHandlers.ofString());
        assertEquals(ANSWER, answer.body());
        assertEquals("3", answer.headers().firstValue("X-Prompt-Version").orElse(""));
        assertEquals("/v1/classify?zero_shot=true&top=7", seen.join().uri());
        assertEquals("Bearer sesame", seen.join().getHeader("Authorization"));
        assertEquals("bytes", body.join().toString());
        assertEquals(1, count("answered"));
    }

    @Test
    void withoutATokenOnTheServerNoneIsPassedOn() throws Exception {
        CompletableFuture<HttpServerRequest> seen = new CompletableFuture<>();
        String console = console(request -> {
            seen.complete(request);
            request.response().putHeader("content-type", "application/json").end(ANSWER);
        }, Optional.empty());
        assertEquals(200, HTTP.send(request(console, "", "somebody's"), HttpResponse.BodyHandlers.ofString()).statusCode());
        assertNull(seen.join().getHeader("Authorization"));
    }

    @Test
    void aRefusalOfTheClassifierComesBackToo() throws Exception {
        String console = console(request -> request.response().setStatusCode(429).putHeader("content-type", "application/problem+json")
                .end("{\"status\":429}"), Optional.empty());
        HttpResponse<String> answer = HTTP.send(request(console, "", null), HttpResponse.BodyHandlers.ofString());
        assertEquals(429, answer.statusCode());
        assertEquals("application/problem+json", answer.headers().firstValue("content-type").orElse(""));
    }

    @Test
    void whateverIsNotTheClassifierIsNotPassedOn() throws Exception {
        List<Handler<HttpServerRequest>> others = List.of(
                request -> request.response().putHeader("content-type", "text/html").end("<script>"), request -> {},
                request -> request.connection().close(),
                request -> request.response().putHeader("content-type", "application/json").end(" ".repeat(2 << 20)));
        for (Handler<HttpServerRequest> other : others) {
            HttpResponse<String> answer = HTTP.send(request(console(other, Optional.empty()), "", null),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("does not answer") && !answer.body().contains("script"), answer.body());
        }
        assertEquals(4, count("failed"));
    }

    @Test
    void uploadsThatBreakOffLeaveRoomForOthers() throws Exception {
        String console = console(request -> request.response().putHeader("content-type", "application/json").end(ANSWER), Optional.empty());
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", URI.create(console).getPort())) {
                socket.getOutputStream()
                        .write("POST /api/classify HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\npart"
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                Thread.sleep(20); // it has been admitted
            }
        }
        assertEquals(200, HTTP.send(request(console, "", null), HttpResponse.BodyHandlers.ofString()).statusCode());
        assertEquals(0, count("overload"));
    }

    @Test
    void noMoreThanEightAreUnderWay() {
        List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
        String console = console(waiting::add, Optional.empty());
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                .mapToObj(i -> HTTP.sendAsync(request(console, "", null), HttpResponse.BodyHandlers.ofString())).toList();
        long silent = answers.stream().filter(answer -> answer.join().body().contains("does not answer")).count();
        long busy = answers.stream().filter(answer -> answer.join().body().contains("Too many images")).count();
        assertEquals(List.of(8L, 12L), List.of(silent, busy));
        assertEquals(12, count("overload"));
    }
}
