package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services say and do where an operator has done something wrong; and that nothing is lost of it. */
@BrokerTest
class BadOperationsIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int IMAGES = 12;

    @TempDir
    private Path directory;

    private final TestBroker broker;
    private String servers;
    private TopicNames topics;

    BadOperationsIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeEach
    void names() {
        servers = broker.bootstrapServers();
        topics = new TopicNames(broker.uniquePrefix());
    }

    /** One cause after another, each put right, over images that were pushed before: in the end each of them has its one outcome. */
    @Test
    void whateverKeepsAnEncoderFromStartingCostsNoImage() throws Exception {
        createTopics();
        push();
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topics.rejectedImages())).all().get();
            awaitTopic(admin, topics.rejectedImages(), false);
            assertOneLine("Topic " + topics.rejectedImages() + ": it does not exist; create it with: promptgate topics", run("encoder"));
            admin.createTopics(List.of(new NewTopic(topics.rejectedImages(), 2, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", "30000000")))).all().get();
            awaitTopic(admin, topics.rejectedImages(), true);
            assertOneLine("Topic " + topics.rejectedImages() + ": cleanup.policy must be delete; alter the topic [found: compact]",
                    run("encoder"));
            alter(admin, topics.rejectedImages(), "delete");
        }
        assertOneLine("The bundled model cannot be unpacked; make room there",
                run("encoder", "--set", "model.cache-directory=" + Files.createFile(directory.resolve("file"))));
        assertOneLine("There is no such model", run("encoder", "--model", directory.resolve("nowhere").toString()));
        assertOneLine("truncated", run("encoder", "--model", truncatedModel().toString()));
        assertEquals(Map.of(), outcomes());
        try (RunningService encoder = start("encoder").started()) {
            awaitEveryOutcome(IMAGES + 1);
            assertEquals(0, encoder.stopped().exitCode(), encoder.log());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "learner", "evaluator"})
    void everyServiceRefusesAWrongPolicyAndMissingTopics(String service) throws Exception {
        try (Admin admin = admin()) {
            Output missing = run(service);
            assertEquals(1, missing.exitCode());
            assertEquals(TopicSpec.all(topics, 1, (short) 1, 1).size(), missing.err().lines()
                    .filter(line -> line.matches("promptgate: Topic \\S+: it does not exist; create it with: promptgate topics")).count(),
                    missing.err());
            createTopics();
            alter(admin, topics.imageFeatures(), "delete");
            assertOneLine("Topic " + topics.imageFeatures() + ": cleanup.policy must be compact; alter the topic [found: delete]",
                    run(service));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "learner", "evaluator"})
    void everyServiceEndsWhereThereIsNoKafka(String service) {
        Output output = Output.of(service, "--bootstrap-servers", "127.0.0.1:1", "--set", "kafka.property.default.api.timeout.ms=1500",
                "--set", "kafka.property.request.timeout.ms=1000");
        assertOneLine("Kafka does not answer as it should; are the brokers reachable", output);
    }

    @Test
    void aFullDiskIsSaidAndLeavesNoRemains() throws Exception {
        createTopics();
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(exec("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0,
                "no right to mount a small disk here");
        try {
            Output output = run("learner", "--set", "model.cache-directory=" + disk);
            assertOneLine(
                    "The bundled model cannot be unpacked; make room there, or name a directory that can be written in "
                            + "model.cache-directory",
                    output);
            assertTrue(output.err().contains("No space left on device"), output.err());
            try (Stream<Path> files = Files.walk(disk)) {
                assertEquals(0, files.filter(file -> file.toString().endsWith(".part")).count());
            }
        } finally {
            exec("umount", disk.toString());
        }
    }

    /** PyTorch's libraries are unpacked, too: on a machine of its own, since a process loads them once. */
    @Test
    void aPlaceForNativeLibrariesThatCannotBeWrittenIsSaid() throws Exception {
        createTopics();
        try (RunningService learner = start("learner", Map.of("DJL_CACHE_DIR", Files.createFile(directory.resolve("file")).toString()))) {
            assertOneLine("PyTorch's native libraries cannot be loaded; make room in the directory of DJL_CACHE_DIR", learner.ended());
        }
    }

    @Test
    void aTopicThatGoesMissingUnderARunningEncoderIsSaidAndCostsNoImage() throws Exception {
        createTopics();
        try (RunningService encoder = start("encoder", Map.of(), "--set", "kafka.property.max.block.ms=5000").started();
                Admin admin = admin()) {
            admin.deleteTopics(List.of(topics.rejectedImages())).all().get();
            push();
            encoder.awaitLog("Topic " + topics.rejectedImages()
                    + ": it does not exist; create it with: promptgate topics; goes on by itself once that is put right");
            createTopics();
            awaitEveryOutcome(IMAGES + 1);
            encoder.awaitLog("Kafka answers and the topics are as they must be again");
            assertEquals(0, encoder.stopped().exitCode(), encoder.log());
        }
    }

    /** Idle services, whose clients would wait without a word; and JSON logs, which stay JSON whatever happens. */
    @Test
    void aBrokerThatGoesAwayIsSaidByEveryServiceAndCostsNoImage() throws Exception {
        Path data = Files.createDirectory(directory.resolve("kafka"));
        EmbeddedKafka kafka = EmbeddedKafka.start(data, 0);
        servers = kafka.bootstrapServers();
        createTopics();
        Map<String, String> json = Map.of("PROMPTGATE_LOG_FORMAT", "json", "PROMPTGATE_LOG_LEVEL", "DEBUG");
        try (RunningService encoder = start("encoder", json).started();
                RunningService learner = start("learner", json).started();
                RunningService evaluator = start("evaluator", json).started()) {
            kafka.close();
            List<RunningService> services = List.of(encoder, learner, evaluator);
            services.forEach(service -> service.awaitLog("Kafka does not answer as it should; are the brokers reachable"));
            kafka = EmbeddedKafka.start(data, Integer.parseInt(servers.split(":")[1]));
            services.forEach(service -> service.awaitLog("Kafka answers and the topics are as they must be again"));
            push();
            awaitEveryOutcome(IMAGES + 1);
            for (RunningService service : services) {
                assertEquals(0, service.stopped().exitCode(), service.log());
                service.log().lines().forEach(BadOperationsIT::assertIsJson);
            }
            assertTrue(encoder.log().lines().map(BadOperationsIT::assertIsJson)
                    .anyMatch(line -> line.path("image_id").asText().equals("broken")
                            && line.path("message").asText().startsWith("Rejected: ")),
                    encoder.log());
        } finally {
            kafka.close();
        }
    }

    private static JsonNode assertIsJson(String line) {
        try {
            JsonNode json = new ObjectMapper().readTree(line);
            assertTrue(json.path("message").isTextual() && json.path("level").isTextual(), line);
            return json;
        } catch (IOException e) {
            throw new AssertionError("No JSON: " + line, e);
        }
    }

    private static void assertOneLine(String words, Output output) {
        assertEquals(1, output.exitCode(), output.err());
        List<String> lines = output.err().lines().filter(line -> line.startsWith("promptgate: ")).toList();
        assertEquals(1, lines.size(), output.err());
        assertTrue(lines.get(0).contains(words), output.err());
    }

    private Path truncatedModel() throws IOException {
        Path model = BundledModel.extractTo(directory.resolve("truncated"));
        try (RandomAccessFile weights = new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            weights.setLength(weights.length() - 1000);
        }
        return model;
    }

    private void createTopics() {
        Output output = run("topics", "--set", "topics.partitions=2");
        assertEquals(0, output.exitCode(), output.err() + output.out());
    }

    private static void awaitTopic(Admin admin, String topic, boolean there) {
        Awaitility.await().atMost(LIMIT).until(() -> admin.listTopics().names().get().contains(topic) == there);
    }

    private static void alter(Admin admin, String topic, String policy) throws Exception {
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET)))).all().get();
        Awaitility.await().atMost(LIMIT).until(() -> {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            return admin.describeConfigs(List.of(resource)).all().get().get(resource).get("cleanup.policy").value().equals(policy);
        });
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    private KafkaClients clients() {
        return new KafkaClients(servers, Map.of(), 2 << 20);
    }

    /** A few images, and one that is none. */
    private void push() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients().producer()))) {
            for (SampleStream.Entry entry : SampleStream.entries().subList(0, IMAGES)) {
                producer.send(new LabelledImage(entry.file(), entry.label(), Split.TRAIN, SampleStream.bytes(entry), 0)
                        .encode(topics.labelledImages())).get();
            }
            producer.send(new LabelledImage("broken", "bat", Split.TRAIN, "no image".getBytes(StandardCharsets.UTF_8), 0)
                    .encode(topics.labelledImages())).get();
        }
    }

    private void awaitEveryOutcome(int images) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).ignoreExceptions().until(() -> outcomes().size() == images);
        Map<SourcePosition, Integer> outcomes = outcomes();
        assertTrue(outcomes.values().stream().allMatch(count -> count == 1), "each once: " + outcomes);
    }

    /** Per labelled image how many features and rejections were committed for it. */
    private Map<SourcePosition, Integer> outcomes() {
        Map<SourcePosition, Integer> outcomes = new HashMap<>();
        try (TopicLog log = new TopicLog(clients())) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.imageFeatures())) {
                outcomes.merge(ImageFeature.decode(record).source(), 1, Integer::sum);
            }
            log.read(topics.rejectedImages())
                    .forEach(record -> outcomes.merge(RejectedImage.decode(record).orElseThrow().source(), 1, Integer::sum));
            return outcomes;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int exec(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    private RunningService start(String service) throws IOException {
        return start(service, Map.of());
    }

    private RunningService start(String service, Map<String, String> environment, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("--http-port", "0", "--set", "model.cache-directory=" + directory.resolve("cache")));
        args.addAll(List.of(more));
        return RunningService.start(directory, environment, arguments(service, args));
    }

    private Output run(String command, String... more) {
        return Output.of(arguments(command, List.of(more)));
    }

    private String[] arguments(String command, List<String> more) {
        List<String> args = new ArrayList<>(List.of(command, "--bootstrap-servers", servers, "--topic-prefix", topics.prefix()));
        args.addAll(more);
        return args.toArray(String[]::new);
    }
}
