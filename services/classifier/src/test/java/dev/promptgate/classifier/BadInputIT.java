package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a problem document that tells nothing of the inside, and the next request is answered. */
@BrokerTest
@BundledModelTest
@Timeout(120)
class BadInputIT {
    private static final List<String> CLASSES = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(5).toList();
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));
    private static final int MAX_BYTES = 100_000;

    private Rollouts rollouts;
    private RunningClassifier classifier;

    @BeforeAll
    void start(TestBroker broker, ClipModel model) throws Exception {
        rollouts = new Rollouts(broker.bootstrapServers(), broker.uniquePrefix(), model);
        rollouts.rollOut(1, CLASSES);
        classifier = RunningClassifier.start(rollouts, model,
                Map.of("images.max-bytes", Integer.toString(MAX_BYTES), "classifier.max-pixels", "1000000",
                        "classifier.max-batch-images", "8", "classifier.max-batch-bytes", "400000", "classifier.max-classes", "20",
                        "classifier.request-timeout", "1500ms",
                        "classifier.max-requests", "64"))
                .ready();
    }

    @AfterAll
    void stop() {
        classifier.close();
        rollouts.close();
    }

    @AfterEach
    void isAlive() throws Exception {
        assertEquals(200, classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE)).statusCode());
        assertEquals(200, classifier.send(classifier.post("/v1/classify/batch", Multipart.TYPE, new Multipart().file("a", IMAGE).bytes()))
                .statusCode());
        Awaitility.await().atMost(RunningClassifier.LIMIT).until(() -> classifier.scrape().contains("promptgate_classifier_in_flight 0.0"));
        assertTrue(classifier.scrape().contains("promptgate_classifier_in_flight_bytes 0.0"));
    }

    private double counter(String line) {
        return classifier.scrape().lines().filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1))).sum();
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 404", "GET, /v2/classify, 404", "POST, /v1, 404", "GET, /v1/classify, 405", "PUT, /v1/classify, 405",
            "DELETE, /v1/classify/batch, 405", "POST, /v1/prompt, 405",
            "POST, /v1/classes, 405", "POST, /v1/openapi.json, 405", "GET, /v1/classify/../../etc/passwd, 404", "GET, /v1/%00, 404"})
    void unknownPathsAndMethods(String method, String path, int status) throws Exception {
        HttpResponse<String> response = classifier.send(classifier.request(path).method(method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(IMAGE)));
        RunningClassifier.problem(status, response);
        assertEquals("1", response.headers().firstValue("X-Prompt-Version").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "video/mp4", "imagejpeg", ";", "application/x-www-form-urlencoded"})
    void wrongContentTypes(String type) throws Exception {
        classifier.problem(415, classifier.post("/v1/classify", type, IMAGE));
        classifier.problem(415, classifier.post("/v1/classify/batch", type, IMAGE));
    }

    @Test
    void noContentTypeAtAll() throws Exception {
        classifier.problem(415, classifier.request("/v1/classify").POST(BodyPublishers.ofByteArray(IMAGE)));
        classifier.problem(415, classifier.post("/v1/classify/batch", "image/jpeg", IMAGE));
    }

    @ParameterizedTest
    @CsvSource({"top=0, 400", "top=-1, 400", "top=many, 400", "top=1001, 400", "top=99999999999, 400", "top=1&top=2, 400",
            "zero_shot=perhaps, 400", "colour=red, 400", "class=, 422", "class=%20, 422",
            "class=%00, 422", "class=Dog&class=dog, 422", "class=red_apple&class=red%20apple, 422", "class=a%0Ab, 422",
            "class=%3C%7Cendoftext%7C%3E, 422", "top=%FF%FE, 400"})
    void malformedParameters(String query, int status) throws Exception {
        classifier.problem(status, classifier.post("/v1/classify?" + query, "image/jpeg", IMAGE));
        classifier.problem(status,
                classifier.post("/v1/classify/batch?" + query, Multipart.TYPE, new Multipart().file("a", IMAGE).bytes()));
    }

    @Test
    void classListsOutOfBounds() throws Exception {
        String many = Collections.nCopies(21, "class=a").stream().collect(Collectors.joining("&"));
        classifier.problem(422, classifier.post("/v1/classify?" + many, "image/jpeg", IMAGE));
        classifier.problem(422, classifier.post("/v1/classify?class=" + "a".repeat(300), "image/jpeg", IMAGE));
        classifier.problem(422, classifier.post("/v1/classify?class=" + "a%20b%20".repeat(60), "image/jpeg", IMAGE)); // more tokens than
                                                                                                                      // the text tower
                                                                                                                      // takes
        Multipart form = new Multipart();
        for (int i = 0; i < 21; i++) {
            form.field("class", "class " + i);
        }
        classifier.problem(422, classifier.post("/v1/classify", Multipart.TYPE, form.file("a", IMAGE).bytes()));
        RunningClassifier.problem(414, classifier.send(classifier.post("/v1/classify?class=" + "a".repeat(70_000), "image/jpeg", IMAGE)));
    }

    @Test
    void bodiesThatAreTooLarge() throws Exception {
        classifier.problem(413, classifier.post("/v1/classify", "image/jpeg", new byte[MAX_BYTES + (64 << 10) + 1]));
        classifier.problem(413, classifier.post("/v1/classify", "image/jpeg", new byte[MAX_BYTES + 1]));
        classifier.problem(413, classifier.post("/v1/classify", "image/jpeg", new byte[5 << 20]));
        classifier.problem(413, classifier.request("/v1/classify").header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[1 << 20])))); // chunked: no length announced
        classifier.problem(413,
                classifier.post("/v1/classify/batch", Multipart.TYPE, new Multipart().file("a", new byte[500_000]).bytes()));
        Multipart many = new Multipart();
        for (int i = 0; i < 9; i++) {
            many.file(i + ".jpg", IMAGE);
        }
        classifier.problem(413, classifier.post("/v1/classify/batch", Multipart.TYPE, many.bytes()));
        classifier.problem(413, classifier.post("/v1/classify", Multipart.TYPE, new Multipart().file("a", IMAGE).file("b", IMAGE).bytes()));
    }

    @Test
    void imagesThatCannotBeUsed() throws Exception {
        classifier.problem(422, classifier.post("/v1/classify", "image/jpeg", new byte[0]));
        classifier.problem(415, classifier.post("/v1/classify", "image/jpeg", "no image".getBytes(StandardCharsets.UTF_8)));
        classifier.problem(422, classifier.post("/v1/classify", "image/jpeg", Arrays.copyOf(IMAGE, IMAGE.length / 2)));
        byte[] damaged = IMAGE.clone();
        Arrays.fill(damaged, 20, 200, (byte) 0xFF);
        int status = classifier.send(classifier.post("/v1/classify", "image/jpeg", damaged)).statusCode();
        assertTrue(Set.of(415, 422).contains(status), "status " + status);
    }

    @Test
    void aDecompressionBombIsRefusedFromItsHeader() throws Exception {
        byte[] bomb = Bombs.png(20_000, 20_000);
        assertTrue(bomb.length < MAX_BYTES, "a small file of many pixels");
        classifier.problem(413, classifier.post("/v1/classify", "image/png", bomb));
        JsonObject batch = classifier.json(
                classifier.post("/v1/classify/batch", Multipart.TYPE, new Multipart().file("bomb.png", bomb).file("a", IMAGE).bytes()));
        assertEquals(413, batch.getJsonArray("results").getJsonObject(0).getJsonObject("error").getInteger("status"));
        assertEquals(5, batch.getJsonArray("results").getJsonObject(1).getJsonArray("labels").size());
    }

    @Test
    void whereOtherImagesTakeTheMemoryTheAnswerIsToTryAgain() throws Exception {
        double before = counter("promptgate_classifier_overload_total{cause=\"memory\"}");
        DecodeMemory memory = classifier.host.decodeMemory();
        try (DecodeMemory.Grant all = memory.take(memory.bytes())) {
            HttpResponse<String> response = classifier.send(classifier.post("/v1/classify", "image/jpeg", IMAGE));
            RunningClassifier.problem(503, response);
            assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
        }
        assertEquals(before + 1, counter("promptgate_classifier_overload_total{cause=\"memory\"}"));
        assertEquals(0, memory.waiting());
    }

    @Test
    void formsThatCannotBeRead() throws Exception {
        for (String path : List.of("/v1/classify", "/v1/classify/batch")) {
            classifier.problem(400, classifier.post(path, Multipart.TYPE, new byte[0]));
            classifier.problem(400, classifier.post(path, Multipart.TYPE, "garbage".getBytes(StandardCharsets.UTF_8)));
            classifier.problem(400, classifier.post(path, Multipart.TYPE, IMAGE));
            classifier.problem(400, classifier.post(path, "multipart/form-data", new Multipart().file("a", IMAGE).bytes())); // no boundary
            classifier.problem(400, classifier.post(path, Multipart.TYPE, new Multipart().file("a", IMAGE).unfinished()));
            classifier.problem(400,
                    classifier.post(path, Multipart.TYPE, new Multipart().file("a", IMAGE).field("top", "3").unfinished()));
            classifier.problem(400, classifier.post(path, Multipart.TYPE, new Multipart().field("top", "3").bytes())); // no file
            classifier.problem(400,
                    classifier.post(path, Multipart.TYPE, new Multipart().field("top", "x".repeat(100_000)).file("a", IMAGE).bytes()));
            classifier.problem(400, classifier.post(path, Multipart.TYPE, new Multipart().field("colour", "red").file("a", IMAGE).bytes()));
        }
    }

    @Test
    void anUploadThatEndsEarlyIsCounted() throws Exception {
        double before = counter("promptgate_classifier_requests_total{outcome=\"abandoned\"}");
        try (Socket socket = new Socket("127.0.0.1", classifier.port())) {
            socket.getOutputStream().write(head("/v1/classify", IMAGE.length));
            socket.getOutputStream().write(IMAGE, 0, IMAGE.length / 2);
        }
        Awaitility.await().atMost(RunningClassifier.LIMIT)
                .until(() -> counter("promptgate_classifier_requests_total{outcome=\"abandoned\"}") == before + 1);
    }

    /** curl asks so before it sends more than 1 MB, and waits a second. */
    @Test
    void whoeverAsksBeforeSendingIsTold() throws Exception {
        for (int length : List.of(IMAGE.length, 1 << 30)) {
            try (Socket socket = new Socket("127.0.0.1", classifier.port())) {
                socket.setSoTimeout(10_000);
                String head = new String(head("/v1/classify?class=dog", length), StandardCharsets.US_ASCII);
                socket.getOutputStream().write(head.replace("Host:", "Expect: 100-continue\r\nHost:").getBytes(StandardCharsets.US_ASCII));
                BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                assertEquals(length == IMAGE.length ? "HTTP/1.1 100 Continue" : "HTTP/1.1 413 Request Entity Too Large", answer.readLine());
                if (length == IMAGE.length) {
                    socket.getOutputStream().write(IMAGE);
                    assertEquals("", answer.readLine());
                    assertEquals("HTTP/1.1 200 OK", answer.readLine());
                }
            }
        }
    }

    private static byte[] head(String path, int length) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n".formatted(path, length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/classify", "/nowhere"})
    void aSlowClientIsNotWaitedForForEver(String path) throws Exception {
        long began = System.nanoTime();
        try (Socket socket = new Socket("127.0.0.1", classifier.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head(path, IMAGE.length));
            Thread drip = new Thread(() -> drip(socket));
            drip.start();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8); // until the server closes
            assertTrue(answer.startsWith(path.equals("/nowhere") ? "HTTP/1.1 404" : "HTTP/1.1 408")
                    && answer.contains("application/problem+json"), answer);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertTrue(millis >= 1_000 && millis < 15_000, millis + " ms");
            drip.join();
        }
    }

    /** A byte now and then: the connection is never idle. */
    private static void drip(Socket socket) {
        try {
            for (byte each : IMAGE) {
                socket.getOutputStream().write(each);
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt(); // the server has closed
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000\u0001HELLO\r\n\r\n", "HELLO\r\n\r\n", "POST /v1/classify HTTP/1.1\r\nContent-Length: many\r\n\r\n",
            "GET /v1/prompt HTTP/1.1\r\nX: \u0000\r\n\r\n"})
    void whatIsNoHttp(String sent) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", classifier.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.") && answer.contains("application/problem+json") && !answer.contains("Exception"),
                    answer);
        }
    }

    @Test
    void aThousandAtOnce() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(classifier.http().sendAsync(classifier.post("/v1/classify", "image/jpeg", IMAGE).build(), BodyHandlers.ofString()));
        }
        int answered = 0;
        int refused = 0;
        for (CompletableFuture<HttpResponse<String>> each : answers) {
            HttpResponse<String> response = each.get(60, TimeUnit.SECONDS);
            if (response.statusCode() == 200) {
                answered++;
            } else {
                RunningClassifier.problem(429, response);
                assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
                refused++;
            }
        }
        assertTrue(answered >= 64, answered + " answered");
        assertEquals(1000, answered + refused);
        assertTrue(counter("promptgate_classifier_overload_total{cause=\"requests\"}") >= refused);
    }
}
