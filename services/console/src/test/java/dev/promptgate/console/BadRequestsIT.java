package dev.promptgate.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.console.ConsoleRun.Console;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is sent to the console, it answers with a problem document and goes on. */
@BrokerTest
class BadRequestsIT {
    private final ConsoleRun run;
    private Console console;

    BadRequestsIT(TestBroker broker) throws Exception {
        run = new ConsoleRun(broker);
    }

    @BeforeAll
    void start() {
        console = run.console(Map.of("images.max-bytes", "2048", "console.classifier-url", "http://127.0.0.1:1"));
    }

    @AfterAll
    void stop() {
        console.close();
    }

    @AfterEach
    void itIsStillThere() throws Exception {
        assertEquals(200, run.get(console, "/api/state").statusCode());
        assertEquals(200, run.get(console, "/").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
            "GET, /nothing, 404", "GET, /api/nothing, 404", "GET, /assets/nothing.js, 404", "GET, /%2e%2e/%2e%2e/etc/passwd, 404",
            "GET, /assets/..%2f..%2fpom.xml, 404", "GET, /index.html%00, 404",
            "POST, /api/state, 405", "DELETE, /api/events, 405", "PUT, /api/commands, 405", "PATCH, /api/images/0/0, 405",
            "GET, /api/verdicts/x/changed, 400", "GET, /api/verdicts/-1/changed, 400",
            "GET, /api/verdicts/99999999999999999999/changed, 400", "GET, /api/verdicts/12/changed, 404",
            "GET, /api/images/x/0, 400", "GET, /api/images/0/1e3, 400", "GET, /api/images/3000000000/0, 400", "GET, /api/images/0/0, 404",
            "GET, /api/images/99/0, 404",
            "GET, /api/images/0/999999999999999999, 404", "GET, /api/rejected/0/0, 404", "GET, /api/rejected/0/-5, 400",
            "GET, /api/images/0, 404", "GET, /api/images/0/0/0, 404"})
    void pathsAndMethods(String method, String path, int status) throws Exception {
        expect(status,
                run.http.send(
                        HttpRequest.newBuilder(URI.create(console.address() + path)).method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
    }

    @ParameterizedTest
    @CsvSource({"/api/commands, application/json, '{', 400", "/api/commands, text/plain, '{\"action\":\"pause\"}', 415",
            "/api/commands, application/json, '{\"action\":\"stop\"}', 400",
            "/api/classify, text/plain, abc, 415", "/api/classify, multipart/form-data, abc, 415",
            "/api/classify?top=0, image/png, abc, 400", "/api/classify?top=1000, image/png, abc, 400",
            "/api/classify?top=x, image/png, abc, 400", "/api/classify, image/png, '', 400", "/api/classify, image/png, abc, 503"})
    void bodies(String path, String type, String body, int status) throws Exception {
        expect(status, post(path, type, body));
    }

    @Test
    void bodiesThatAreTooLarge() throws Exception {
        expect(413, post("/api/commands", "application/json", "{\"action\":\"pause\",\"reason\":\"" + "x".repeat(20_000) + "\"}"));
        expect(413, post("/api/classify", "image/png", "x".repeat(3000)));
    }

    @Test
    void withoutTheTokenTheBodyIsNotEvenLookedAt() throws Exception {
        for (String path : new String[] {"/api/commands", "/api/classify"}) {
            expect(401, run.http.send(HttpRequest.newBuilder(URI.create(console.address() + path)).header("Content-Type", "image/png")
                    .POST(HttpRequest.BodyPublishers.ofString("{")).build(), HttpResponse.BodyHandlers.ofString()));
        }
    }

    @Test
    void whatIsNoHttp() throws Exception {
        assertEquals("400", raw("nonsense\r\n\r\n"));
        assertEquals("414", raw("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assertEquals("431", raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"));
    }

    @Test
    void aThousandAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 1000)
                .mapToObj(i -> run.http.sendAsync(HttpRequest.newBuilder(URI.create(console.address() + "/api/images/0/" + i)).build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        answers.forEach(answer -> assertTrue(answer.join().statusCode() == 404 || answer.join().statusCode() == 503, answer.join().body()));
        assertTrue(answers.stream().anyMatch(answer -> answer.join().statusCode() == 404));
    }

    @Test
    void aRecordThatIsNoReportIsCountedAndTheOthersAreShown() throws Exception {
        byte[] key = "default".getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (String topic : new String[] {run.topics.evaluationReports(), run.topics.promptRollouts(), run.topics.promptCandidates(),
                    run.topics.gateCommands(), run.topics.rejectedImages()}) {
                producer.send(new ProducerRecord<>(topic, key, "rubbish".getBytes(StandardCharsets.UTF_8)));
            }
            producer.send(new ProducerRecord<>(run.topics.evaluationReports(), key,
                    "{\"kind\":\"rollback\",\"from\":2,\"to\":1,\"reason\":\"<script>\"}".getBytes(StandardCharsets.UTF_8)));
        }
        await().until(() -> run.json(console, "/api/state").path("accuracy").path("events").size() == 1);
        await().until(() -> console.host().registry().scrape().lines()
                .filter(line -> line.matches("promptgate_console_unusable_total\\{source=.*} 1\\.0")).count() == 5);
    }

    @Test
    void everyAnswerHasTheHeadersThatGuardThePage() throws Exception {
        for (String path : new String[] {"/", "/api/state", "/nothing", "/api/images/0/0"}) {
            HttpResponse<String> answer = run.get(console, path);
            assertTrue(answer.headers().firstValue("Content-Security-Policy").orElse("").startsWith("default-src 'self';"), path);
            assertFalse(answer.headers().firstValue("Content-Security-Policy").orElse("").contains("unsafe"), path);
            assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""), path);
            assertEquals("no-referrer", answer.headers().firstValue("Referrer-Policy").orElse(""), path);
        }
    }

    private String raw(String request) throws Exception {
        URI address = URI.create(console.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length());
        }
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return run.http.send(HttpRequest.newBuilder(URI.create(console.address() + path)).header("Content-Type", type)
                .header("Authorization", "Bearer " + ConsoleRun.TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void expect(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals("application/problem+json", answer.headers().firstValue("content-type").orElse(""), answer.body());
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertEquals(status, problem.path("status").asInt());
        assertFalse(problem.path("title").asText().isEmpty() || problem.path("detail").asText().isEmpty(), answer.body());
        assertFalse(
                answer.body().contains("Exception") || answer.body().contains("dev.promptgate") || answer.body().contains(ConsoleRun.TOKEN),
                answer.body());
    }
}
