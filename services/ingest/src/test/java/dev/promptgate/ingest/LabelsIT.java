package dev.promptgate.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Labels over HTTP on a real broker: what is accepted is in the topic, and what is refused is not. */
@BrokerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelsIT {
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));

    private final TestBroker broker;
    private RunningIngest ingest;

    LabelsIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void start() throws Exception {
        ingest = new RunningIngest(broker, Map.of());
    }

    @AfterAll
    void stop() {
        ingest.close();
    }

    private static Multipart form(String label) {
        return new Multipart().file("photo.jpg", IMAGE).field("label", label);
    }

    private ConsumerRecord<byte[], byte[]> recordAt(JsonObject answer) {
        assertEquals(ingest.topics.labelledImages(), answer.getString("topic"));
        return ingest.read(answer.getString("topic")).stream()
                .filter(record -> record.partition() == answer.getInteger("partition") && record.offset() == answer.getLong("offset"))
                .findFirst().orElseThrow();
    }

    @Test
    void anImageIsInTheTopicWhenItIsAccepted() throws Exception {
        double before = ingest.counter("promptgate_ingest_records_total{kind=\"image\"}");
        JsonObject answer = ingest.accepted(ingest.post(form("crème brûlée")));
        LabelledImage image = LabelledImage.decode(recordAt(answer));
        assertEquals(ImageIds.sha256(IMAGE), answer.getString("id"));
        assertEquals(answer.getString("id"), image.imageId());
        assertEquals("crème brûlée", image.label());
        assertEquals("crème brûlée", answer.getString("label"));
        assertFalse(answer.containsKey("split"));
        assertArrayEquals(IMAGE, image.bytes());
        assertEquals(before + 1, ingest.counter("promptgate_ingest_records_total{kind=\"image\"}"));
        assertTrue(ingest.counter("promptgate_ingest_requests_total{outcome=\"accepted\"}") >= 1);
    }

    @Test
    void idAndSplitAreAsGiven() throws Exception {
        JsonObject answer = ingest.accepted(ingest.post(form("cat").field("id", "shelf 3/12.jpg").field("split", "probe")));
        LabelledImage image = LabelledImage.decode(recordAt(answer));
        assertEquals("shelf 3/12.jpg", image.imageId());
        assertEquals(Split.PROBE, image.split());
        assertEquals("probe", answer.getString("split"));
    }

    @Test
    void theSameIdAgainStandsInTheSamePartitionBehindTheFirst() throws Exception {
        JsonObject first = ingest.accepted(ingest.post(form("cat").field("id", "relabelled")));
        JsonObject second = ingest.accepted(ingest.post(form("dog").field("id", "relabelled")));
        assertEquals(first.getInteger("partition"), second.getInteger("partition"));
        assertTrue(second.getLong("offset") > first.getLong("offset"));
    }

    @Test
    void deletingErases() throws Exception {
        for (String path : List.of("/v1/labels/label-studio/1/2", "/v1/labels/label-studio%2F1%2F2")) {
            JsonObject answer = ingest.accepted(ingest.request(path).DELETE());
            assertEquals("label-studio/1/2", answer.getString("id"));
            assertEquals("label-studio/1/2", ImageErasure.decode(recordAt(answer)).imageId());
            assertTrue(ImageErasure.isIn(recordAt(answer)));
        }
        assertEquals("a+b ü", ingest.accepted(ingest.request("/v1/labels/a+b%20%C3%BC").DELETE()).getString("id"));
        ingest.problem(422, ingest.request("/v1/labels/").DELETE());
        ingest.problem(422, ingest.request("/v1/labels/" + "x".repeat(513)).DELETE());
        ingest.problem(422, ingest.request("/v1/labels/%FF").DELETE());
        ingest.problem(422, ingest.request("/v1/labels").DELETE());
    }

    @Test
    void formsThatCannotBeUsed() throws Exception {
        assertTrue(ingest.problem(422, ingest.post(new Multipart().file("a.jpg", IMAGE))).contains("field 'label'"));
        assertTrue(ingest.problem(422, ingest.post(form(" "))).contains("blank-label"));
        assertTrue(ingest.problem(422, ingest.post(form("x".repeat(300)))).contains("label-too-long"));
        assertTrue(ingest.problem(422, ingest.post(form("<|endoftext|>"))).contains("label-special-token"));
        assertTrue(ingest.problem(422, ingest.post(form("cat").field("split", "test"))).contains("held-out"));
        assertTrue(ingest.problem(422, ingest.post(form("cat").field("id", ""))).contains("id is empty"));
        assertTrue(ingest.problem(422, ingest.post(form("cat").field("id", "x".repeat(600)))).contains("512"));
        assertTrue(ingest.problem(400, ingest.post(form("cat").field("label", "dog"))).contains("more than once"));
        assertTrue(ingest.problem(400, ingest.post(form("cat").field("colour", "red"))).contains("'colour'"));
        assertTrue(ingest.problem(400, ingest.post(new Multipart().field("label", "cat"))).contains("no file 'image'"));
        ingest.problem(400, ingest.post(new Multipart().file("photo", "a.jpg", IMAGE).field("label", "cat")));
        ingest.problem(413, ingest.post(form("cat").file("b.jpg", IMAGE)));
        ingest.problem(400, ingest.post(form("cat").field("id", "x".repeat(100_000))));
        ingest.problem(400, ingest.request("/v1/labels").header("Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofByteArray(form("cat").unfinished())));
        ingest.problem(415, ingest.request("/v1/labels").header("Content-Type", "image/jpeg").POST(BodyPublishers.ofByteArray(IMAGE)));
        ingest.problem(405, ingest.request("/v1/labels").GET());
        assertTrue(ingest.counter("promptgate_ingest_requests_total{outcome=\"refused\"}") >= 10);
    }

    @Test
    void imagesThatCannotBeUsed() throws Exception {
        byte[] heic = "\0\0\0\u0018ftypheic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(ingest.problem(415, ingest.post(new Multipart().file("a", heic).field("label", "cat"))).contains("HEIC"));
        byte[] text = "no image".getBytes(StandardCharsets.UTF_8);
        assertTrue(ingest.problem(415, ingest.post(new Multipart().file("a", text).field("label", "cat"))).contains("no image"));
        ingest.problem(422, ingest.post(new Multipart().file("a", new byte[0]).field("label", "cat")));
        ingest.problem(413, ingest.post(new Multipart().file("a", new byte[100_001]).field("label", "cat")));
        ingest.problem(413, ingest.post(new Multipart().file("a", new byte[1 << 20]).field("label", "cat")));
    }

    @Test
    void whoeverAsksBeforeSendingIsTold() throws Exception {
        byte[] body = form("cat").field("id", "expected").bytes();
        try (Socket socket = new Socket("127.0.0.1", ingest.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("POST /v1/labels HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: %s\r\n"
                    + "Content-Length: %d\r\n\r\n").formatted(Multipart.TYPE, body.length).getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("HTTP/1.1 100 Continue", answer.readLine());
            socket.getOutputStream().write(body);
            assertEquals("", answer.readLine());
            assertEquals("HTTP/1.1 202 Accepted", answer.readLine());
        }
    }

    @Test
    void stoppingAnswersWhatIsInHand() throws Exception {
        RunningIngest stopping = new RunningIngest(broker, Map.of());
        byte[] body = form("cat").field("id", "in-hand").bytes();
        Future<Void> stopped;
        try (Socket socket = new Socket("127.0.0.1", stopping.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("POST /v1/labels HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                    .formatted(Multipart.TYPE, body.length).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body, 0, body.length / 2);
            Awaitility.await().atMost(RunningIngest.LIMIT).until(() -> stopping.counter("promptgate_ingest_in_flight") == 1);
            stopped = stopping.host.stop();
            Awaitility.await().atMost(RunningIngest.LIMIT).until(() -> stopping.send(stopping.post(form("dog"))).statusCode() == 503);
            socket.getOutputStream().write(body, body.length / 2, body.length - body.length / 2);
            BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("HTTP/1.1 202 Accepted", answer.readLine());
        }
        stopped.await(60, TimeUnit.SECONDS);
        assertTrue(stopping.read(stopping.topics.labelledImages()).stream().anyMatch(record -> ImageIds.of(record).equals("in-hand")));
    }

    @Test
    void withATokenNobodyElseWrites() throws Exception {
        try (RunningIngest guarded = new RunningIngest(broker, Map.of("api.token", "s3cret"))) {
            guarded.problem(401, guarded.post(form("cat")));
            guarded.problem(401, guarded.request("/v1/labels/a").DELETE());
            guarded.problem(401, guarded.event("{}"));
            guarded.accepted(guarded.post(form("cat")).header("Authorization", "Bearer s3cret"));
            assertEquals(1, guarded.read(guarded.topics.labelledImages()).size());
            assertEquals(3, guarded.counter("promptgate_ingest_requests_total{outcome=\"unauthorised\"}"));
        }
    }

    @Test
    void whatKafkaDoesNotAcknowledgeIsNotAccepted() throws Exception {
        try (RunningIngest cut = new RunningIngest(broker, Map.of("ingest.write-timeout", "1s"));
                Admin admin = Admin.create(cut.clients.admin())) {
            cut.accepted(cut.post(form("cat").field("id", "before")));
            admin.deleteTopics(List.of(cut.topics.labelledImages())).all().get();
            // A broker takes records for a moment after its controller has deleted their topic.
            HttpResponse<String> response = Awaitility.await().atMost(RunningIngest.LIMIT)
                    .until(() -> cut.send(cut.post(form("cat").field("id", "lost"))), answer -> answer.statusCode() != 202);
            assertTrue(RunningIngest.problem(503, response).contains("not acknowledged"));
            assertEquals("5", response.headers().firstValue("Retry-After").orElseThrow());
            assertTrue(cut.counter("promptgate_ingest_write_failures_total") >= 1);
            cut.createTopics();
            Awaitility.await().atMost(RunningIngest.LIMIT)
                    .until(() -> cut.send(cut.post(form("cat").field("id", "after"))).statusCode() == 202);
            assertTrue(cut.read(cut.topics.labelledImages()).stream().anyMatch(record -> ImageIds.of(record).equals("after")));
        }
    }

    @Test
    void whatIsTooMuchAtOnceIsRefused() throws Exception {
        try (RunningIngest small = new RunningIngest(broker, Map.of("ingest.max-requests", "2"))) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(small.http().sendAsync(small.post(form("cat").field("id", "image-" + i)).build(), BodyHandlers.ofString()));
            }
            int accepted = 0;
            for (CompletableFuture<HttpResponse<String>> each : answers) {
                HttpResponse<String> response = each.get(60, TimeUnit.SECONDS);
                if (response.statusCode() == 202) {
                    accepted++;
                } else {
                    RunningIngest.problem(429, response);
                    assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
                }
            }
            assertTrue(accepted > 0 && accepted < 200, accepted + " accepted");
            assertEquals(accepted, small.read(small.topics.labelledImages()).size());
            Awaitility.await().atMost(RunningIngest.LIMIT).until(() -> small.counter("promptgate_ingest_in_flight") == 0
                    && small.counter("promptgate_ingest_in_flight_bytes") == 0);
            assertEquals(200 - accepted, small.counter("promptgate_ingest_overload_total{cause=\"requests\"}"));
        }
    }
}
