package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.EmbeddingsPart;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator's commands against an evaluator that runs as users start it, with signed candidates and rollouts. One story, told in order.
 */
@BrokerTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GateCommandsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final double TARGET_ERROR = 0.3;

    private final TestBroker broker;
    private final List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().toList()
            .subList(0, 40);
    private String prefix;
    private Path directory;
    private SigningKeys candidateKeys;
    private SigningKeys rolloutKeys;
    private Context context;
    private String fingerprint;
    private Process evaluator;
    private Path log;

    GateCommandsIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        prefix = broker.uniquePrefix();
        candidateKeys = SigningKeys.generate(directory, "candidates");
        rolloutKeys = SigningKeys.generate(directory, "rollouts");
        assertEquals(0, run("topics").exitCode());
        try (ClipModel model = ClipModel.load(BundledModel.extractTo(directory.resolve("model")), ComputeOptions.cpu());
                KafkaProducer<byte[], byte[]> producer = producer()) {
            context = model.textEncoder().contextFrom("a badge with a"); // better than the hand-written "a photo of a"
            fingerprint = model.fingerprint();
            for (SampleStream.Entry entry : SampleStream.entries()) {
                if (entry.split().equals("held-out") && classes.contains(entry.label())) {
                    float[] feature = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
                    producer.send(
                            new ImageFeature(entry.file(), entry.label(), Split.HELD_OUT, fingerprint, feature, 0, new SourcePosition(0, 0))
                                    .encode(prefix + "image-features"));
                }
            }
        }
        log = directory.resolve("evaluator.log");
        ProcessBuilder builder = new ProcessBuilder("target/promptgate/bin/promptgate", "evaluator", "--bootstrap-servers",
                broker.bootstrapServers(), "--topic-prefix", prefix,
                "--http-port", "0", "--set", "trust.candidate-public-keys=" + candidateKeys.publicKey(), "--set",
                "trust.rollout-signing-key=" + rolloutKeys.privateKey(),
                "--set", "evaluator.cool-down=0s", "--set", "evaluator.target-error=" + TARGET_ERROR).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        evaluator = builder.start();
        Awaitility.await().atMost(LIMIT).until(() -> !evaluator.isAlive() || Files.readString(log).contains("Started;"));
    }

    @AfterAll
    void stop() throws InterruptedException {
        evaluator.destroy();
        evaluator.waitFor();
    }

    @Test
    @Order(1)
    void onlySignedCandidatesAreJudged() throws Exception {
        candidate(1, false);
        candidate(1, true);
        awaitHistory("rollout      0 → 1");
        assertTrue(run("rollouts", "--all").out().contains("not signed"), run("rollouts", "--all").out());
    }

    @Test
    @Order(2)
    void theLivePromptIsReadAndItsSignatureVerified() throws Exception {
        Path output = directory.resolve("live.safetensors");
        Output verified = run("prompt", "--set", "trust.rollout-public-keys=" + rolloutKeys.publicKey(), "--output", output.toString());
        assertEquals(0, verified.exitCode(), verified.err());
        assertTrue(
                verified.out().startsWith("version 1 is live, its signature is good") && verified.out().contains("no more than 30.0% are"),
                verified.out());
        assertArrayEquals(context.values(), PromptCodec.decode(Files.readAllBytes(output)).context().values());
        Output refused = run("prompt", "--set", "trust.rollout-public-keys=" + candidateKeys.publicKey());
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().startsWith("promptgate: refused: ") && refused.out().startsWith("the hand-written prompt is live"),
                refused.toString());
    }

    @Test
    @Order(3)
    void withItsEmbeddingsAnImageEncoderAloneAnswersAsTheClassifierDoes() throws Exception {
        EmbeddingsPart saved = embeddings(0, "--set", "trust.rollout-public-keys=" + rolloutKeys.publicKey());
        assertEquals(1, saved.set().source().version());
        assertEquals(classes, saved.classes());
        try (ClipModel model = ClipModel.load(directory.resolve("model"), ComputeOptions.cpu());
                RunningService classifier = RunningService.start(directory, Map.of(), "classifier", "--bootstrap-servers",
                        broker.bootstrapServers(), "--topic-prefix", prefix, "--http-port", "0", "--port", "0").started()) {
            classifier.awaitLog("version: 1, classes: 40");
            Matcher address = Pattern.compile("Classifies at (http://\\S+)").matcher(classifier.log());
            assertTrue(address.find(), classifier.log());
            PromptCalibration calibration = PromptCodec.decode(Files.readAllBytes(directory.resolve("live.safetensors"))).metadata()
                    .calibration();
            ImageEncoderAlone.Tally tally = new ImageEncoderAlone(model.preprocessor(), model.imageEncoder(), saved).assertAnswersAs(
                    address.group(1), SampleStream.entries().stream().filter(entry -> entry.split().equals("train")).limit(1_000).toList(),
                    calibration.threshold());
            assertEquals(1_000, tally.compared());
            // Images that neither prompt nor threshold have seen: no more wrong than promised, but for three standard deviations.
            double noise = 3 * Math.sqrt(tally.answered() * TARGET_ERROR * (1 - TARGET_ERROR));
            assertTrue(tally.answered() > 50 && tally.wrong() <= TARGET_ERROR * tally.answered() + noise, tally.toString());
        }
    }

    @Test
    @Order(4)
    void aPausedGateHoldsBackWhatItsEndLetsOut() throws Exception {
        Output paused = run("pause", "--reason", "sale weekend", "--by", "anna");
        assertEquals(0, paused.exitCode(), paused.err());
        assertTrue(paused.out().startsWith("the gate is paused"), paused.out());
        candidate(2, true);
        Awaitility.await().atMost(LIMIT).until(() -> run("rollouts", "--all").out().contains("held         2"));
        assertFalse(history().contains("1 → 2"), history());
        assertEquals(0, run("resume").exitCode());
        awaitHistory("rollout      1 → 2");
        assertTrue(history().contains("pause"), history());
    }

    @Test
    @Order(5)
    void aRollbackMakesTheLastGoodPromptOrANamedOneLiveAgain() throws Exception {
        Output last = run("rollback", "--reason", "complaints");
        assertEquals(0, last.exitCode(), last.err());
        assertEquals("rolled back from version 2 to 1", last.out().strip());
        assertEquals(1, embeddings(0).set().source().version());
        assertEquals("rolled back from version 1 to 0", run("rollback", "--to", "0").out().strip());
        Path none = directory.resolve("none.safetensors");
        Output handWritten = run("prompt", "--embeddings", none.toString());
        assertTrue(handWritten.exitCode() == 0 && handWritten.out().startsWith("the hand-written prompt is live"), handWritten.toString());
        assertFalse(Files.exists(none));
        assertEquals("rolled back from version 0 to 2", run("rollback", "--to", "2").out().strip());
        Output never = run("rollback", "--to", "9");
        assertEquals(1, never.exitCode());
        assertTrue(never.err().startsWith("promptgate: refused: version 9 was never live"), never.err());
        assertTrue(history().contains("rollback     2 → 1") && history().contains("complaints"), history());
    }

    @Test
    @Order(6)
    void theHistoryIsReportsALineEach() throws Exception {
        List<String> lines = run("rollouts", "--json", "--last", "3").out().lines().toList();
        assertEquals(3, lines.size());
        assertEquals("command", new ObjectMapper().readTree(lines.get(2)).path("kind").asText());
        assertFalse(lines.get(0).contains("\"state\""));
    }

    @Test
    @Order(7)
    void withoutAnEvaluatorACommandSaysWhatBecomesOfIt() throws Exception {
        evaluator.destroy();
        assertEquals(0, evaluator.waitFor(), Files.readString(log));
        Output rollback = run("rollback", "--wait", "1");
        assertEquals(1, rollback.exitCode());
        assertTrue(rollback.err().contains("stays in the topic"), rollback.err());
        Output pause = run("pause", "--wait", "1");
        assertTrue(pause.err().contains("stays in the topic"), pause.err());
    }

    @Test
    @Order(8)
    void embeddingsThatAreForgedOrOfAnotherVersionAreRefused() throws Exception {
        String[] verifying = {"--set", "trust.rollout-public-keys=" + rolloutKeys.publicKey()};
        EmbeddingsPart before = embeddings(0, verifying);
        EmbeddingsPart.SetId set = before.set();
        ClassEmbeddings others = new ClassEmbeddings(new ClassEmbeddings.Source("default", 9, fingerprint, set.source().logitScale()),
                before.classes(), before.textFeatures());
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(prefix + "class-embeddings", "default/0".getBytes(StandardCharsets.UTF_8),
                    EmbeddingsCodec.encode(others, EmbeddingType.FLOAT32))).get();
        }
        assertEquals(set, embeddings(1, verifying).set());
        Output foreign = run("prompt", "--embeddings", directory.resolve("foreign.safetensors").toString());
        assertEquals(1, foreign.exitCode());
        assertTrue(foreign.err().contains("those of another version") && foreign.err().contains("[theirs: 9, live: 2]"), foreign.err());
    }

    @Test
    @Order(9)
    void classesThatAreRetiredByNowAreToldInWordsAndAsJson() throws Exception {
        String retired = classes.get(3);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (ClassState state : List.of(ClassState.plain(retired), ClassState.plain(classes.get(5)), ClassState.plain("of no image"))) {
                producer.send(state.retired(true).encode(prefix + "image-features")).get();
            }
            producer.send(ClassState.plain(classes.get(5)).encode(prefix + "image-features")).get();
        }
        List<String> lines = run("prompt", "--classes").out().lines().toList();
        assertEquals(List.of(retired + " is retired, and stays in this prompt", "1 of its 40 classes are retired"),
                lines.subList(lines.size() - 2, lines.size()));
        JsonNode json = new ObjectMapper().readTree(run("prompt", "--classes", "--json").out());
        assertEquals(List.of(2, 40, 1, retired), List.of(json.path("version").asInt(), json.path("classes").size(),
                json.path("retired").size(), json.path("retired").path(0).asText()));
        assertTrue(new ObjectMapper().readTree(run("prompt", "--json").out()).path("retired").isMissingNode());
    }

    /** The command's file, the command ending so. */
    private EmbeddingsPart embeddings(int exitCode, String... more) throws Exception {
        Path file = directory.resolve("classes.safetensors");
        Files.deleteIfExists(file);
        Output output = run("prompt", Stream.concat(Stream.of("--embeddings", file.toString()), Stream.of(more)).toArray(String[]::new));
        assertEquals(exitCode, output.exitCode(), output.err());
        return EmbeddingsCodec.decode(Files.readAllBytes(file));
    }

    private void awaitHistory(String line) {
        Awaitility.await().atMost(LIMIT).until(() -> history().contains(line));
    }

    private String history() {
        return run("rollouts").out();
    }

    private void candidate(long version, boolean signed) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(prefix + "prompt-candidates",
                "default".getBytes(StandardCharsets.UTF_8),
                PromptCodec.encode(new Prompt(context,
                        new PromptMetadata("default", version, version - 1, fingerprint, 1,
                                new PromptMetadata.Origin(classes, "a photo of a", Map.of(), Map.of(0, 640L), Map.of()), Map.of()))));
        if (signed) {
            PromptSigner.load(candidateKeys.privateKey()).sign(record, PromptKind.CANDIDATE, version);
        }
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(record).get();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrapServers()), new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Output run(String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix));
        args.addAll(List.of(more));
        return Output.of(args.toArray(String[]::new));
    }
}
