package dev.promptgate.encoder;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.TlsFiles;
import dev.promptgate.testing.model.BundledModelTest;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that records refer to, through an encoder on a real broker, from a TLS server in this JVM and a folder. */
@BrokerTest
@BundledModelTest
class ReferencesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));
    private static final String EVENT = "{\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/camera\", \"type\": \"image\", %s}";

    @TempDir
    private static Path folder;
    private static Path images;
    private static Vertx vertx;
    private static final Promise<Void> RELEASED = Promise.promise();
    private static String server;
    private static TlsFiles tls;
    private static final AtomicInteger ASKED = new AtomicInteger();

    private final TestBroker broker;
    private final ClipModel model;

    ReferencesIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeAll
    static void startServer() throws Exception {
        images = Files.createDirectory(folder.resolve("images"));
        Files.write(images.resolve("1.jpg"), IMAGE);
        Files.writeString(images.resolve("text.jpg"), "no image");
        tls = TlsFiles.make(folder, "images", "localhost");
        vertx = Vertx.vertx();
        HttpServer started = vertx
                .createHttpServer(new HttpServerOptions().setSsl(true).setHost("127.0.0.1").setPort(0).setKeyCertOptions(
                        new PfxOptions().setPath(tls.keystore().toString()).setPassword(TlsFiles.PASSWORD)))
                .requestHandler(ReferencesIT::answer).listen().await(10, TimeUnit.SECONDS);
        server = "localhost:" + started.actualPort();
    }

    @AfterAll
    static void stopServer() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        ASKED.incrementAndGet();
        switch (request.path()) {
            case "/busy" -> request.response().setStatusCode(503).end();
            case "/redirect" -> request.response().setStatusCode(302).putHeader("Location", request.getParam("to")).end();
            case "/large" -> request.response().end(Buffer.buffer(new byte[1 << 20]));
            case "/slow.jpg" -> vertx.setTimer(20, id -> request.response().end(Buffer.buffer(IMAGE)));
            case "/held.jpg" -> RELEASED.future().onSuccess(done -> request.response().end(Buffer.buffer(IMAGE)));
            case "/1.jpg" -> request.response().end(Buffer.buffer(IMAGE));
            default -> request.response().setStatusCode(404).end();
        }
    }

    @Test
    void anImageBecomesTheSameFeatureInEveryFormAndKeepsItsReference() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        String topic = run.topics.labelledImages();
        String url = "https://" + server + "/1.jpg";
        String file = images.resolve("1.jpg").toUri().toString();
        List<ProducerRecord<byte[], byte[]>> records = List.of(record(topic, "bytes", IMAGE),
                list(topic, "https", url + "?X-Signature=s3cr3t", "image-size", "" + IMAGE.length, "image-sha256", ImageIds.sha256(IMAGE)),
                list(topic, "file", file),
                record(topic, "structured", utf8(EVENT.formatted("\"dataref\": \"" + url + "?s3cr3t\", \"size\": " + IMAGE.length)),
                        "content-type", "application/cloudevents+json; charset=UTF-8"),
                record(topic, "data", utf8(EVENT.formatted("\"data_base64\": \"" + Base64.getEncoder().encodeToString(IMAGE) + "\"")),
                        "content-type", "application/cloudevents+json"),
                record(topic, "binary", null, "ce_specversion", "1.0", "ce_id", "1", "ce_source", "/camera", "ce_type", "image",
                        "ce_dataref", url));
        try (ServiceHost host = run.start(allowed(Map.of())); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            records.forEach(producer::send);
            await().atMost(LIMIT).until(() -> run.features().size() == records.size());
            assertTrue(host.registry().scrape().contains(
                    "promptgate_references_fetches_total{outcome=\"fetched\",scheme=\"https\"} 3.0"), host.registry().scrape());
        }
        float[] direct = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(IMAGE)))[0];
        Map<String, Optional<String>> references = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : run.features()) {
            ImageFeature feature = ImageFeature.decode(record);
            assertArrayEquals(direct, feature.feature(), 1e-4f, feature.imageId());
            references.put(feature.imageId(), feature.file().reference());
        }
        assertEquals(Map.of("bytes", Optional.empty(), "https", Optional.of(url), "file", Optional.of(file), "structured", Optional.of(url),
                "data", Optional.empty(), "binary", Optional.of(url)), references);
    }

    @Test
    void brokenReferencesAreRejectedWithTheirReason() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        Map<String, String> references = new LinkedHashMap<>(); // by key, which begins with the code that is expected
        references.put("reference-unavailable/not-there", "https://" + server + "/nothing.jpg?s3cr3t");
        references.put("reference-unavailable/busy", "https://" + server + "/busy?s3cr3t");
        references.put("reference-unavailable/no-file", images.resolve("nothing").toUri().toString());
        references.put("too-many-bytes/large", "https://" + server + "/large");
        references.put("not-an-image/text", images.resolve("text.jpg").toUri().toString());
        references.put("malformed-reference/none", "no reference s3cr3t");
        references.put("malformed-reference/two", "https://" + server + "/1.jpg\r\nhttps://" + server + "/1.jpg");
        references.put("reference-refused/scheme", "ftp://" + server + "/1.jpg");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        String topic = run.topics.labelledImages();
        references.forEach((key, uri) -> records.add(list(topic, key, uri)));
        String good = "https://" + server + "/1.jpg";
        records.add(list(topic, "reference-mismatch/size", good, "image-size", "7"));
        records.add(list(topic, "reference-mismatch/digest", good, "image-sha256", "0".repeat(64)));
        records.add(list(topic, "malformed-reference/size", good, "image-size", "seven"));
        records.add(record(topic, "malformed-event/none", utf8("{}"), "content-type", "application/cloudevents+json"));
        assertRejected(run, records, allowed(Map.of("references.max-bytes", "100000", "references.attempts", "2")));
    }

    @Test
    void attemptsToReachWhatIsNotAllowedAreRefusedAndNothingIsAsked() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        int port = Integer.parseInt(server.split(":")[1]);
        List<String> uris = List.of("https://" + server + "/1.jpg", "https://127.0.0.1:" + port + "/1.jpg",
                "https://169.254.169.254/latest/meta-data/", "https://2130706433:" + port + "/1.jpg", "https://0x7f.1:" + port + "/1.jpg",
                "https://[::1]:" + port + "/1.jpg", "https://user:s3cr3t@" + server + "/1.jpg", "http://" + server + "/1.jpg",
                "https://localhost.:" + port + "/1.jpg", "file:///etc/passwd", images.toUri() + "../images.p12",
                images.toUri() + "%2e%2e/images.p12", "file://" + server + "/1.jpg");
        String topic = run.topics.labelledImages();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        uris.forEach(uri -> records.add(list(topic, "reference-refused/" + records.size(), uri)));
        int before = ASKED.get();
        // the host is listed, but its address is this machine's
        assertRejected(run, records,
                Map.of("references.hosts", server + ",127.0.0.1:" + port, "references.file-roots", images.toString()));
        assertEquals(before, ASKED.get());
    }

    @Test
    void aRedirectToWhatIsNotAllowedIsRefused() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        String topic = run.topics.labelledImages();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String to : new String[] {"http://" + server + "/1.jpg", "file:///etc/passwd", "https://169.254.169.254/latest/meta-data/",
                "https://127.0.0.1/1.jpg"}) {
            records.add(list(topic, "reference-refused/" + records.size(), "https://" + server + "/redirect?to=" + to));
        }
        assertRejected(run, records, allowed(Map.of()));
    }

    @Test
    void nothingIsFetchedUnlessAllowed() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        String topic = run.topics.labelledImages();
        assertRejected(run, List.of(list(topic, "reference-refused/https", "https://" + server + "/1.jpg"),
                list(topic, "reference-refused/file", images.resolve("1.jpg").toUri().toString())), Map.of());
    }

    @Test
    void aRestartInMidStreamLosesAndRepeatsNothing() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        String topic = run.topics.labelledImages();
        int all = 600;
        int held = 206; // answered when the first encoder is stopped, which therefore cannot run ahead
        try (KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (int i = 0; i < all; i++) {
                String path = i % 10 == 0 ? "/nothing.jpg" : i == held ? "/held.jpg" : i % 3 == 0 ? "/slow.jpg" : "/1.jpg";
                producer.send(i % 4 == 1 ? record(topic, "image-" + i, IMAGE) : list(topic, "image-" + i, "https://" + server + path));
            }
        }
        try (ServiceHost first = run.start(allowed(Map.of("encoder.max-in-flight", "16")))) {
            await().atMost(LIMIT).until(() -> run.features().size() >= 50);
        }
        RELEASED.complete();
        int before = run.features().size();
        assertTrue(before < all / 2, "the first encoder was stopped in mid-stream: " + before);
        try (ServiceHost second = run.start(allowed(Map.of()))) {
            await().atMost(LIMIT).until(() -> run.features().size() + run.rejected().size() >= all);
            assertFalse(second.failure().failed());
        }
        Map<SourcePosition, String> outcomes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> feature : run.features()) {
            outcomes.put(ImageFeature.decode(feature).source(), "feature");
        }
        run.rejected().forEach(record -> outcomes.put(RejectedImage.decode(record).orElseThrow().source(), "rejection"));
        assertEquals(all, run.features().size() + run.rejected().size());
        assertEquals(all, outcomes.size());
        assertEquals(all / 10, run.rejected().size());
    }

    /** Each with the code that its key begins with, as it came, and no word of a secret; a good record behind them comes through. */
    private static void assertRejected(EncoderRun run, List<ProducerRecord<byte[], byte[]>> records, Map<String, String> settings)
            throws Exception {
        Map<String, ProducerRecord<byte[], byte[]>> sent = new HashMap<>();
        try (ServiceHost host = run.start(settings); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.put(new String(record.key(), StandardCharsets.UTF_8), record);
                producer.send(record);
            }
            producer.send(record(run.topics.labelledImages(), "good", IMAGE));
            await().atMost(LIMIT).until(() -> run.features().size() == 1 && run.rejected().size() == records.size());
            assertFalse(host.failure().failed());
        }
        for (ConsumerRecord<byte[], byte[]> record : run.rejected()) {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            RejectedImage rejected = RejectedImage.decode(record).orElseThrow();
            assertEquals(id.substring(0, id.indexOf('/')), rejected.code(), id + ": " + rejected.message());
            assertFalse(rejected.message().contains("s3cr3t"), rejected.message());
            assertArrayEquals(sent.get(id).value(), record.value());
        }
    }

    private static Map<String, String> allowed(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of("references.hosts", server, "references.file-roots", images.toString(),
                "references.allow-private-addresses", "true", "references.trust-certificates", tls.certificate().toString()));
        all.putAll(more);
        return all;
    }

    private static ProducerRecord<byte[], byte[]> list(String topic, String key, String uri, String... headers) {
        ProducerRecord<byte[], byte[]> record = record(topic, key, utf8(uri + "\r\n"), headers);
        record.headers().add("content-type", utf8("text/uri-list"));
        return record;
    }

    /** Names and values of headers in turn. */
    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value, String... headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, utf8(key), value);
        record.headers().add("label", utf8("airplane"));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], utf8(headers[i + 1]));
        }
        return record;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
