package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.ComputeOptions;
import dev.promptgate.clip.Context;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotMetadata;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluator on a real broker, with features of real images. */
@BrokerTest
class EvaluatorIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of("http.port", "0", "evaluator.idle-time", "200ms");

    private final TestBroker broker;
    private final ObjectMapper json = new ObjectMapper();
    private ClipModel model;
    private List<String> classes;
    private KafkaClients clients;
    private TopicNames topics;

    EvaluatorIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void load(@TempDir Path directory) {
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
        classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().toList();
    }

    @AfterAll
    void close() {
        model.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        clients = new KafkaClients(broker.bootstrapServers(), Map.of(), 1 << 21);
        topics = new TopicNames(broker.uniquePrefix());
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 1, (short) 1, 1 << 20), true);
        }
    }

    @Test
    void anEqualPromptPassesAndIsRolledOut() throws Exception {
        push(images(classes.subList(0, 40), 40, 10));
        Context handWritten = model.textEncoder().contextFrom("a photo of a");
        try (ServiceHost host = start(SETTINGS)) {
            candidate(1, handWritten, classes.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> rollouts().size() == 1);
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_live_version 1.0"));
        }
        JsonNode report = verdicts().get(0);
        assertEquals("pass", report.path("outcome").asText());
        assertEquals(320, report.path("images").path("seen").asInt());
        assertEquals(80, report.path("images").path("unseen").asInt());
        assertEquals(report.path("zero_shot"), report.path("candidate"));
        PromptSnapshot rollout = SnapshotCodec.decode(rollouts().get(0).value());
        assertArrayEquals(handWritten.values(), rollout.context().values());
        assertEquals("pass", rollout.metadata().verdict().get("outcome"));
        assertEquals("default", new String(rollouts().get(0).key(), StandardCharsets.UTF_8));
    }

    @Test
    void aRuinedPromptFailsAndIsNotRolledOut() throws Exception {
        push(images(classes.subList(0, 40), 40, 10));
        try (ServiceHost host = start(SETTINGS)) {
            candidate(1, noise(), classes.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> !verdicts().isEmpty());
            await().atMost(LIMIT).until(() -> host.registry().scrape().contains("promptgate_evaluator_verdicts_total{outcome=\"fail\"} 1.0"));
        }
        assertEquals("fail", verdicts().get(0).path("outcome").asText());
        assertTrue(verdicts().get(0).path("reason").asText().startsWith("seen classes regress"), verdicts().get(0).path("reason").asText());
        assertEquals(0, rollouts().size());
    }

    @Test
    void tooFewImagesWaitForMore() throws Exception {
        List<ProducerRecord<byte[], byte[]>> all = images(classes.subList(0, 40), 40, 0);
        push(all.subList(0, 80));
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("evaluator.recheck-images", "50");
        settings.put("evaluator.min-images-per-class", "0");
        try (ServiceHost host = start(settings)) {
            candidate(1, model.textEncoder().contextFrom("a photo of a"), classes.subList(0, 40), 80);
            await().atMost(LIMIT).until(() -> verdicts().size() == 1);
            assertEquals("inconclusive", verdicts().get(0).path("outcome").asText());
            assertFalse(verdicts().get(0).path("final").asBoolean());
            push(all.subList(80, all.size()));
            await().atMost(LIMIT).until(() -> verdicts().size() == 2);
        }
        assertEquals("pass", verdicts().get(1).path("outcome").asText());
        assertEquals(1, rollouts().size());
    }

    @Test
    void whatCannotBeJudgedIsRefusedAndTheStreamGoesOn() throws Exception {
        push(images(classes.subList(0, 40), 40, 0));
        Context handWritten = model.textEncoder().contextFrom("a photo of a");
        try (ServiceHost host = start(SETTINGS)) {
            byte[] good = SnapshotCodec.encode(snapshot(1, handWritten, classes.subList(0, 40), 320, model.fingerprint()));
            send(SnapshotCodec.encode(snapshot(1, handWritten, classes.subList(0, 40), 320, "sha256:other")));
            send(Arrays.copyOf(good, good.length - 3));
            float[] values = handWritten.values().clone();
            values[5] = Float.NaN;
            send(SnapshotCodec.encode(snapshot(1, handWritten.withValues(values), classes.subList(0, 40), 320, model.fingerprint())));
            send(SnapshotCodec.encode(snapshot(1, new Context(2, handWritten.width(), new float[2 * handWritten.width()]), classes.subList(0, 40), 320,
                    model.fingerprint())));
            send(SnapshotCodec.encode(snapshot(1, handWritten, List.of("<|endoftext|>"), 320, model.fingerprint())));
            send(good);
            await().atMost(LIMIT).until(() -> !verdicts().isEmpty());
        }
        assertEquals(List.of("other-model", "unreadable", "unreadable", "wrong-shape", "bad-classes"),
                reports("refusal").stream().map(report -> report.path("refusal").asText()).toList());
        assertEquals("pass", verdicts().get(0).path("outcome").asText());
    }

    @Test
    void aRestartJudgesNothingTwiceAndKnowsTheLivePrompt() throws Exception {
        push(images(classes.subList(0, 40), 40, 10));
        Context handWritten = model.textEncoder().contextFrom("a photo of a");
        try (ServiceHost host = start(SETTINGS)) {
            candidate(1, handWritten, classes.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> rollouts().size() == 1);
        }
        try (ServiceHost host = start(SETTINGS)) {
            candidate(2, noise(), classes.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> verdicts().size() >= 2);
        }
        assertEquals(2, verdicts().size());
        assertEquals(1, verdicts().get(1).path("live_version").asLong());
        assertEquals("fail", verdicts().get(1).path("outcome").asText());
    }

    @Test
    void theSameTopicsGiveTheSameFigures() throws Exception {
        List<JsonNode> reports = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            createTopics();
            push(images(classes.subList(0, 30), 30, 10));
            try (ServiceHost host = start(SETTINGS)) {
                candidate(1, noise(), classes.subList(0, 30), 100); // a horizon within what is there: the rest does not count
                await().atMost(LIMIT).until(() -> !verdicts().isEmpty());
            }
            reports.add(verdicts().get(0));
        }
        for (String key : new String[] {"outcome", "reason", "candidate", "live", "paired", "images"}) {
            assertEquals(reports.get(0).path(key), reports.get(1).path(key), key);
        }
        assertEquals(100, reports.get(0).path("images").path("seen").asInt() + reports.get(0).path("images").path("unseen").asInt());
    }

    private ServiceHost start(Map<String, String> settings) {
        List<Setting<?>> known = Stream.of(PromptSettings.all(), HttpSettings.all(), EvaluatorSettings.all()).<Setting<?>>flatMap(List::stream).toList();
        SettingsValues values = new SettingsCatalogue(known, List.of()).resolve(SettingsSources.of(settings));
        ServiceHost host = new ServiceHost(new HttpSettings(values));
        host.start(List.of(EvaluatorService.verticle(values, clients, topics, model, host))).await();
        return host;
    }

    /** Held-out images of the seen classes, 8 each, and probe images of {@code probeClasses} classes from {@code firstProbe} on, 8 each. */
    private List<ProducerRecord<byte[], byte[]>> images(List<String> seen, int firstProbe, int probeClasses) throws Exception {
        List<String> probe = classes.subList(firstProbe, firstProbe + probeClasses);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            boolean isProbe = probe.contains(entry.label());
            if (entry.split().equals("held-out") && (isProbe || seen.contains(entry.label()))) {
                float[] feature = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
                records.add(new ImageFeature(entry.file(), entry.label(), isProbe ? Split.PROBE : Split.HELD_OUT, model.fingerprint(), feature, 0)
                        .encode(topics.imageFeatures()));
            }
        }
        return records;
    }

    private Context noise() {
        Context like = model.textEncoder().contextFrom("a photo of a");
        Random random = new Random(8);
        float[] values = new float[like.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (30 * random.nextGaussian()); // drowns the class names
        }
        return like.withValues(values);
    }

    private PromptSnapshot snapshot(long version, Context context, List<String> names, long horizon, String fingerprint) {
        return new PromptSnapshot(context, new SnapshotMetadata("default", version, version - 1, fingerprint, names, "a photo of a", 1, Map.of(),
                Map.of(0, horizon), Map.of(names.get(0), 1L), Map.of()));
    }

    private void candidate(long version, Context context, List<String> names, long horizon) throws Exception {
        send(SnapshotCodec.encode(snapshot(version, context, names, horizon, model.fingerprint())));
    }

    private void send(byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            producer.send(new ProducerRecord<>(topics.promptCandidates(), "default".getBytes(StandardCharsets.UTF_8), value)).get();
        }
    }

    private void push(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            records.forEach(producer::send);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> rollouts() {
        try (TopicLog log = new TopicLog(clients)) {
            return log.read(topics.promptRollouts());
        }
    }

    private List<JsonNode> verdicts() throws Exception {
        return reports("verdict");
    }

    private List<JsonNode> reports(String kind) throws Exception {
        List<JsonNode> reports = new ArrayList<>();
        try (TopicLog log = new TopicLog(clients)) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.evaluationReports())) {
                JsonNode report = json.readTree(record.value());
                if (report.path("kind").asText().equals(kind)) {
                    reports.add(report);
                }
            }
        }
        return reports;
    }
}
