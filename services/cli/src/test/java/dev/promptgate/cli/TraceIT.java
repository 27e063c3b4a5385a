package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Images followed through the topics while all three services work on them. One story, told in order. */
@BrokerTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TraceIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> CLASSES = List.of("airplane", "bat", "cactus");

    private final TestBroker broker;
    private final byte[] keyless = image("bat", "held-out", 0);
    private TopicNames topics;
    private KafkaClients clients;
    private ClipModel model;
    private ServiceHost host;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path kept;
    private String accepted;
    private String judging;

    TraceIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void start(@TempDir Path directory, @TempDir Path images) throws IOException {
        kept = Files.write(images.toRealPath().resolve("kept.png"), image("bat", "train", 4));
        Logger logger = (Logger) LoggerFactory.getLogger("dev.promptgate");
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        topics = new TopicNames(broker.uniquePrefix());
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 2 << 20);
        assertEquals(0, run("topics", "--set", "topics.partitions=3").exitCode());
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
    }

    @AfterAll
    void stop() {
        if (host != null) {
            host.close();
        }
        model.close();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.promptgate");
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Test
    @Order(1)
    void anEmptyTopicIsSaidToBeEmpty() {
        Output output = run("trace", "anything");
        assertEquals(1, output.exitCode());
        assertTrue(output.out().contains("not found: labelled-images is empty"), output.out());
    }

    @Test
    @Order(2)
    void anImageThatNoEncoderHasTakenWaits() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (CLASSES.contains(entry.label())) {
                Split split = WireName.parse(Split.class, entry.split()).orElseThrow();
                records.add(new LabelledImage(entry.file(), entry.label(), split, SampleStream.bytes(entry), 0)
                        .encode(topics.labelledImages()));
                accepted = split == Split.TRAIN && entry.label().equals("airplane") ? entry.file() : accepted;
                judging = split == Split.HELD_OUT ? entry.file() : judging;
            }
        }
        records.add(record("twice", image("bat", "train", 0), "bat"));
        records.add(record("twice", image("bat", "train", 0), "bat"));
        records.add(record("IMG_0001", image("cactus", "train", 2), "cactus"));
        records.add(record("IMG_0001", image("cactus", "train", 3), "cactus"));
        records.add(record("moved", image("cactus", "train", 1), "airplane"));
        records.add(record("broken", "no image".getBytes(StandardCharsets.UTF_8), "bat"));
        records.add(record(null, keyless, "bat"));
        records.add(reference("refused", "https://images.example.org/1.jpg?s3cr3t"));
        records.add(reference("kept", kept.toUri().toString()));
        push(records);
        JsonNode trace = trace(accepted);
        assertEquals(List.of("received"), stages(trace));
        assertEquals("received; nothing was written of it yet", trace.path("state").asText());
        assertTrue(trace.path("notes").path(0).asText().contains("no encoder has committed anything"), trace.toString());
    }

    @Test
    @Order(3)
    void anAcceptedImageIsFollowedToTheLivePrompt() throws Exception {
        startServices();
        Awaitility.await().atMost(LIMIT).until(() -> stages(trace(accepted)).contains("live"));
        JsonNode trace = trace(accepted);
        assertEquals(List.of("received", "encoded", "trained", "verdict", "live"), stages(trace), trace.toString());
        JsonNode received = event(trace, "received");
        JsonNode encoded = event(trace, "encoded");
        assertEquals("airplane", encoded.path("details").path("label").asText());
        assertEquals(model.fingerprint(), encoded.path("details").path("model").asText());
        assertEquals(received.path("partition"), encoded.path("details").path("source_partition"));
        assertEquals(received.path("offset"), encoded.path("details").path("source_offset"));
        assertEquals(1, event(trace, "trained").path("details").path("version").asInt());
        assertTrue(event(trace, "verdict").path("details").path("rolled_out").asBoolean(), trace.toString());
        assertTrue(trace.path("state").asText().startsWith("live: version "), trace.toString());
        String text = run("trace", accepted).out();
        assertTrue(text.contains(topics.imageFeatures() + "-0@" + encoded.path("offset").asLong() + " "), text);
        assertEquals(7, text.lines().count(), text);
    }

    @Test
    @Order(4)
    void anImageThatJudgesNamesTheVerdict() throws Exception {
        JsonNode trace = trace(judging);
        assertEquals(List.of("received", "encoded", "judged-by"), stages(trace), trace.toString());
        assertTrue(trace.path("state").asText().startsWith("judges (held-out): it counted in "), trace.toString());
    }

    @Test
    @Order(5)
    void aRejectedImageSaysWhy() throws Exception {
        JsonNode trace = trace("broken");
        assertEquals(List.of("received", "rejected"), stages(trace));
        assertEquals("not-an-image", event(trace, "rejected").path("details").path("code").asText());
        assertTrue(trace.path("state").asText().startsWith("rejected: not-an-image: "), trace.toString());
    }

    @Test
    @Order(6)
    void anIdSentTwiceCountsOnce() throws Exception {
        JsonNode trace = trace("twice");
        assertEquals(2, trace.path("occurrences").asInt());
        assertEquals(2, stages(trace).stream().filter("received"::equals).count(), trace.toString());
        assertTrue(event(trace, "encoded").path("what").asText().contains("(the same again)"), trace.toString());
        assertTrue(trace.path("notes").path(0).asText().contains("occurs 2 times"), trace.toString());
    }

    /** Cameras number their files alike. */
    @Test
    @Order(6)
    void anotherImageOfTheSameIdIsNotTheSameAgain() throws Exception {
        JsonNode trace = trace("IMG_0001");
        assertTrue(event(trace, "encoded").path("what").asText().contains("(another image)"), trace.toString());
        assertTrue(trace.path("notes").path(1).asText().startsWith("2 different images were sent under this id"), trace.toString());
    }

    @Test
    @Order(7)
    void aRelabelledImageLeavesItsClass() throws Exception {
        assertTrue(stages(trace("moved")).contains("trained"), trace("moved").toString());
        push(List.of(record("moved", image("cactus", "train", 1), "cactus")));
        Awaitility.await().atMost(LIMIT).until(() -> stages(trace("moved")).stream().filter("encoded"::equals).count() == 2);
        JsonNode trace = trace("moved");
        assertTrue(event(trace, "encoded").path("what").asText().contains("(relabelled \"cactus\")"), trace.toString());
        assertTrue(trace.path("state").asText().contains("\"cactus\""), trace.toString());
        assertTrue(trace.path("state").asText().startsWith("encoded for training; no candidate"), trace.toString());
    }

    @Test
    @Order(8)
    void anErasedImageSaysSo() throws Exception {
        assertEquals("would erase 1 images [labels: bat 1; splits: train 1]; add --yes to do it", run("erase", "twice").out().strip());
        assertFalse(stages(trace("twice")).contains("deleted"));
        Output erased = run("erase", "twice", "--yes");
        assertEquals("erased 1 images [labels: bat 1; splits: train 1]", erased.out().strip(), erased.err());
        JsonNode trace = trace("twice");
        assertTrue(stages(trace).contains("deleted"), trace.toString());
        assertTrue(trace.path("state").asText().matches("erased: it trains and judges no longer; no candidate has been learned since; "
                + "live is version [1-9], learned while it was there"), trace.toString());
        JsonNode received = StreamSupport.stream(trace.path("events").spliterator(), false)
                .filter(event -> event.path("what").asText().equals("erases the image: a record without a value")).findFirst()
                .orElseThrow();
        assertEquals(
                "erased, as labelled image %d@%d asked".formatted(received.path("partition").asInt(), received.path("offset").asLong()),
                event(trace, "deleted").path("what").asText());
        assertEquals(1, trace.path("notes").size(), trace.toString()); // that it was sent several times; no other image, and nothing waits
    }

    @Test
    @Order(9)
    void anImageWithoutAKeyIsFoundByItsHash() throws Exception {
        JsonNode trace = trace(hash(keyless));
        assertTrue(stages(trace).containsAll(List.of("received", "encoded")), trace.toString());
        assertFalse(event(trace, "received").path("details").path("keyed").asBoolean(true), trace.toString());
    }

    @Test
    @Order(10)
    void anImageThatIsKeptElsewhereNamesThePlaceWithoutItsQuery() throws Exception {
        String place = kept.toUri().toString();
        JsonNode trace = trace("kept");
        assertEquals(place, event(trace, "received").path("details").path("reference").asText(), trace.toString());
        assertEquals(place, event(trace, "encoded").path("details").path("reference").asText(), trace.toString());
        assertTrue(run("trace", "kept").out().contains(", kept at " + place), trace.toString());
        JsonNode refused = trace("refused");
        assertEquals("reference-refused", event(refused, "rejected").path("details").path("code").asText());
        assertTrue(refused.toString().contains("https://images.example.org/1.jpg") && !refused.toString().contains("s3cr3t"),
                refused.toString());
    }

    @Test
    @Order(11)
    void anUnknownIdSaysWhyMostLikely() {
        Output unknown = run("trace", "never-sent");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.out().contains("not found: none of ") && unknown.out().contains("retention"), unknown.out());
        Output similar = run("trace", accepted.toUpperCase(Locale.ROOT));
        assertEquals(1, similar.exitCode());
        assertTrue(similar.out().contains("did you mean " + accepted + "?"), similar.out());
    }

    @Test
    @Order(11)
    void timeAndRangeAreBounded() throws Exception {
        Output since = run("trace", accepted, "--since", "1ms");
        assertTrue(since.out().contains("encoded") && !since.out().contains("received") && since.out().contains("--since lies behind it"),
                since.out());
        Output late = run("trace", accepted, "--timeout", "1ms");
        assertEquals(1, late.exitCode(), late.out());
        assertEquals(2, run("trace").exitCode());
        assertEquals("promptgate: --timeout: write it like 500ms, 2s, 5m or 1h [found: soon]",
                run("trace", accepted, "--timeout", "soon").err().strip());
        Output missing = Output.of("trace", "x", "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", "no-such.");
        assertEquals(1, missing.exitCode());
        assertTrue(missing.err().startsWith("promptgate: The topic does not exist; create it with: promptgate topics [topic: no-such."),
                missing.err());
    }

    @Test
    @Order(12)
    void theLogTellsTheSameOfEachImage() {
        assertSaid(accepted, "Received", "Decoded", "Encoded", "Committed", "Taken into the memory",
                "Trained: the first prompt of its class", "Not for the held-out set");
        assertSaid(judging, "Received", "Committed", "Ignored: not for training", "Taken into the held-out set");
        assertSaid("twice", "Received", "Committed", " already [label: bat"); // in the memory or in reserve: that depends on the order
        assertSaid("moved", "Relabelled [before: airplane, now: cactus]");
        assertSaid("broken", "Received", "Rejected: ");
        assertSaid("kept", "Received", "Fetched [reference: " + kept.toUri() + ", bytes: ", "Decoded", "Committed");
        assertTrue(log.list.stream().noneMatch(event -> event.getFormattedMessage().contains("s3cr3t")), "a query was logged");
        assertSaid(hash(keyless), "Received", "Committed");
        List<String> atInfo = log.list.stream()
                .filter(event -> event.getKeyValuePairs() != null && event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(3, atInfo.size(), "only what is rare: " + atInfo);
    }

    private void assertSaid(String imageId, String... parts) {
        List<String> said = log.list.stream().filter(event -> event.getKeyValuePairs() != null
                && event.getKeyValuePairs().stream().anyMatch(pair -> pair.key.equals("image_id") && pair.value.equals(imageId)))
                .map(ILoggingEvent::getFormattedMessage).toList();
        for (String part : parts) {
            assertTrue(said.stream().anyMatch(line -> line.contains(part)), imageId + ": " + part + " in " + said);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void startServices() {
        Map<String, String> settings = new HashMap<>(
                Map.of("http.port", "0", "kafka.bootstrap-servers", broker.bootstrapServers(), "topics.prefix", topics.prefix(),
                        "learner.steps", "4", "learner.batch", "16", "learner.min-shots", "4", "learner.settle-time", "3s", // no slow
                                                                                                                            // machine shall
                                                                                                                            // make a pause
                                                                                                                            // of its own
                        "encoder.transaction-timeout", "10s"));
        settings.putAll(Map.of("learner.refresh-every", "1000", "evaluator.min-images", "5", "evaluator.min-images-per-class", "1",
                "evaluator.max-seen-drop", "0.9", "evaluator.idle-time", "200ms"));
        settings.put("references.file-roots", kept.getParent().toString());
        SettingsValues values = KnownSettings.catalogue().resolve(SettingsSources.of(settings));
        host = new ServiceHost(values);
        host.start(() -> new EncoderVerticle(values, clients, topics, model, host),
                () -> new LearnerVerticle(values, clients, topics, model, host),
                () -> new EvaluatorVerticle(values, clients, topics, model, host)).await();
    }

    private static byte[] image(String label, String split, int index) {
        return SampleStream.bytes(SampleStream.entries().stream()
                .filter(entry -> entry.label().equals(label) && entry.split().equals(split)).skip(index).findFirst().orElseThrow());
    }

    private ProducerRecord<byte[], byte[]> record(String id, byte[] bytes, String label) {
        ProducerRecord<byte[], byte[]> keyed = new LabelledImage(id == null ? "" : id, label, Split.TRAIN, bytes, 0)
                .encode(topics.labelledImages());
        return id != null ? keyed : new ProducerRecord<>(keyed.topic(), null, null, null, keyed.value(), keyed.headers());
    }

    private ProducerRecord<byte[], byte[]> reference(String id, String uri) {
        ProducerRecord<byte[], byte[]> record = record(id, uri.getBytes(StandardCharsets.UTF_8), "bat");
        record.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private void push(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            records.forEach(producer::send);
        }
    }

    private JsonNode trace(String id) throws Exception {
        Output output = run("trace", id, "--json");
        assertEquals(0, output.exitCode(), output.err() + output.out());
        return new ObjectMapper().readTree(output.out());
    }

    private static List<String> stages(JsonNode trace) {
        return StreamSupport.stream(trace.path("events").spliterator(), false).map(event -> event.path("stage").asText()).toList();
    }

    private static JsonNode event(JsonNode trace, String stage) {
        return StreamSupport.stream(trace.path("events").spliterator(), false).filter(event -> event.path("stage").asText().equals(stage))
                .findFirst().orElseThrow();
    }

    private Output run(String... command) {
        List<String> args = new ArrayList<>(Arrays.asList(command));
        if (args.size() > 0) {
            args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", topics.prefix()));
        }
        return Output.of(args.toArray(String[]::new));
    }
}
