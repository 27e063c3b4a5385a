package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.classifier.ClassifierVerticle;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.cli.command.ServiceCommands;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.console.ConsoleVerticle;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.k8s.api.ApiTypes;
import dev.promptgate.ingest.IngestVerticle;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner.TopicState;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The services with the settings of the production overlay, each as its own user, at a broker that allows what the KafkaUsers say and
 * nothing else: an image goes all the way to a signed rollout, the classifier answers with it, the console shows it and gives commands, and
 * nobody can write where another decides.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaUsersIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final TopicNames TOPICS = new TopicNames("");
    private static final Map<String, String> QUICK = Map.of("learner.min-shots", "2", "learner.settle-time", "500ms", "learner.steps", "2",
            "learner.batch", "8",
            "evaluator.min-images", "4", "evaluator.min-images-per-class", "0", "evaluator.max-seen-drop", "0.9");
    private static final Map<String, String> HERE = Map.of("model.location", "bundled", "http.host", "127.0.0.1", "http.port", "0",
            "topics.partitions", "2", "topics.replication", "1",
            "classifier.shadow", "true", "classifier.shadow-interval", "1s");

    private final Overlay overlay = Overlay.of("production");
    private final ServingClient serving = new ServingClient("t0ken-of-the-test");
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Path directory;
    private AclBroker broker;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        broker = AclBroker.start(directory.resolve("kafka"),
                overlay.ofKind("KafkaUser").map(user -> ApiTypes.parse(user, KafkaUser.class)).toList());
        open.push(broker);
        assertTrue(TopicsCommand.provision(values("encoder", AclBroker.ADMIN, Map.of()), true).stream().allMatch(TopicState::isUsable));
    }

    @AfterAll
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The overlay's settings of a service, but for the broker's address and login, the model, and figures that make it quick. */
    private SettingsValues values(String service, String user, Map<String, String> more) {
        Map<String, String> instead = new HashMap<>(QUICK);
        instead.putAll(HERE);
        instead.putAll(serving.settings());
        instead.put("model.cache-directory", directory.resolve("cache").toString());
        broker.login(user).forEach(
                (key, value) -> instead.put(key.equals("bootstrap.servers") ? "kafka.bootstrap-servers" : "kafka.property." + key, value));
        instead.putAll(more);
        Map<String, String> environment = new HashMap<>(overlay.environment(overlay.service(service)));
        environment.keySet().removeIf(variable -> variable.startsWith("PROMPTGATE_KAFKA_PROPERTY_SSL_"));
        return KnownSettings.catalogue().resolve(new SettingsSources(instead, environment, Map.of()));
    }

    private KafkaClients clients(String user) {
        return CommonOptions.clients(values("encoder", user, Map.of()));
    }

    @Test
    void anImageGoesAllTheWayToASignedRollout() throws Exception {
        SigningKeys candidates = SigningKeys.generate(directory, "candidates");
        SigningKeys rollouts = SigningKeys.generate(directory, "rollouts");
        Map<String, String> keys = Map.of("trust.candidate-signing-key", candidates.privateKey().toString(), "trust.candidate-public-keys",
                candidates.publicKey().toString(),
                "trust.rollout-signing-key", rollouts.privateKey().toString(), "trust.rollout-public-keys",
                rollouts.publicKey().toString());
        run("encoder", EncoderVerticle::new, keys);
        run("learner", LearnerVerticle::new, keys);
        run("evaluator", EvaluatorVerticle::new, keys);
        run("classifier", ClassifierVerticle::new, keys);
        run("console", (values, clients, topics, model, host) -> new ConsoleVerticle(values, clients, topics, host), keys);
        labelsAreTaken(keys);
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(5).toList();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients("promptgate-producer").producer()))) {
            produce(producer, classes.subList(0, 4));
            ProducerRecord<byte[], byte[]> noImage = new ProducerRecord<>(TOPICS.labelledImages(), new byte[] {1, 2, 3});
            noImage.headers().add("label", "x".getBytes(StandardCharsets.UTF_8));
            producer.send(noImage).get();
        }
        try (TopicLog log = new TopicLog(clients("promptgate-follower"))) {
            Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> log.read(TOPICS.promptRollouts()).stream()
                    .anyMatch(record -> record.value() != null && record.headers().lastHeader("signature") != null));
            EmbeddingsReader embeddings = new EmbeddingsReader("default", PromptVerifier.load(List.of(rollouts.publicKey())),
                    Optional.empty());
            for (ConsumerRecord<byte[], byte[]> record : log.read(TOPICS.classEmbeddings())) {
                embeddings.take(record);
            }
            assertTrue(embeddings.live().isPresent());
        }
        try (TopicLog log = new TopicLog(clients(AclBroker.ADMIN))) {
            Awaitility.await().atMost(LIMIT).until(() -> log.read(TOPICS.rejectedImages()).size() == 1);
        }
        GateCommand pause = new GateCommand("c-1", GateCommand.Action.PAUSE, OptionalLong.empty(), "a test", "operator", 0);
        try (KafkaProducer<byte[], byte[]> operator = new KafkaProducer<>(new HashMap<>(clients("promptgate-operator").producer()));
                TopicLog log = new TopicLog(clients("promptgate-operator"))) {
            operator.send(
                    new ProducerRecord<>(TOPICS.gateCommands(), "default".getBytes(StandardCharsets.UTF_8), pause.encode()))
                    .get();
            Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> log.read(TOPICS.evaluationReports()).stream()
                    .anyMatch(record -> new String(record.value(), StandardCharsets.UTF_8).contains("\"command_id\":\"c-1\"")));
        }
        try (Admin keda = Admin.create(clients("promptgate-keda").admin())) {
            assertEquals(2, keda.listConsumerGroupOffsets("promptgate-encoder").partitionsToOffsetAndMetadata().get().size());
        }
        applicationsAndPeopleAreAnswered(SampleStream.bytes(SampleStream.entries().get(0)), classes.subList(4, 5));
    }

    /** Of an image that nobody knows: what follows goes on without it. */
    private void labelsAreTaken(Map<String, String> keys) throws Exception {
        run("ingest", (values, clients, topics, model, host) -> new IngestVerticle(values, clients, topics, host), keys);
        serving.labelStudio("{\"action\":\"TASKS_DELETED\",\"tasks\":[{\"id\":1}],\"project\":{\"id\":1}}", 202);
        serving.labelStudio("{\"action\":\"ANNOTATIONS_DELETED\",\"annotations\":[{\"id\":1}]}", 204);
    }

    private static void produce(KafkaProducer<byte[], byte[]> producer, List<String> classes) throws Exception {
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (classes.contains(entry.label())) {
                ProducerRecord<byte[], byte[]> image = new ProducerRecord<>(TOPICS.labelledImages(),
                        entry.file().getBytes(StandardCharsets.UTF_8), SampleStream.bytes(entry));
                image.headers().add("label", entry.label().getBytes(StandardCharsets.UTF_8)).add("split",
                        entry.split().getBytes(StandardCharsets.UTF_8));
                producer.send(image).get();
            }
        }
    }

    private void applicationsAndPeopleAreAnswered(byte[] image, List<String> newClasses) throws Exception {
        Awaitility.await().atMost(LIMIT).until(() -> serving.classify(image).at("/prompt/version").asInt() > 0);
        assertTrue(serving.classifyOnThePage(image).at("/labels/0/probability").asDouble() > 0);
        Awaitility.await().atMost(LIMIT).until(() -> serving.state().at("/gate/paused").asBoolean()); // by the operator
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients("promptgate-producer").producer()));
                TopicLog log = new TopicLog(clients(AclBroker.ADMIN))) {
            produce(producer, newClasses); // their candidate is newer than what is live, for as long as the gate is paused
            Awaitility.await().atMost(LIMIT).until(() -> {
                serving.classify(image);
                return !log.read(TOPICS.shadowReports()).isEmpty();
            });
        }
        serving.command("resume");
        Awaitility.await().atMost(LIMIT).until(() -> !serving.state().at("/gate/paused").asBoolean());
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode state = serving.state();
            assertEquals(1, state.at("/rejections/total").asInt());
            assertTrue(state.at("/verdicts/0/candidate_version").asInt() > 0 && state.at("/learning/version").asInt() > 0,
                    state.toString());
            state.at("/flow/services").forEach(service -> assertTrue(service.get("lag").isNumber(), service.toString()));
        });
    }

    private void run(String service, ServiceCommands.Factory factory, Map<String, String> keys) throws Exception {
        SettingsValues values = values(service, "promptgate-" + service, keys);
        assertEquals(List.of(), TopicsCommand.provision(values, false).stream().filter(state -> !state.isUsable()).toList(),
                service + " checks its topics at the start");
        ClipModel model = ModelOptions.load(values);
        open.push(model);
        ServiceHost host = new ServiceHost(values);
        open.push(host);
        host.start(() -> factory.verticle(values, CommonOptions.clients(values), CommonOptions.topics(values), model, host)).await();
    }

    @ParameterizedTest
    @CsvSource({"encoder, prompt-candidates", "encoder, prompt-rollouts", "encoder, gate-commands", "learner, prompt-rollouts",
            "learner, image-features", "learner, gate-commands",
            "evaluator, prompt-candidates", "evaluator, image-features", "evaluator, gate-commands", "producer, image-features",
            "producer, prompt-rollouts",
            "follower, prompt-rollouts", "classifier, prompt-rollouts", "classifier, prompt-candidates", "classifier, evaluation-reports",
            "classifier, gate-commands",
            "classifier, image-features", "console, prompt-rollouts", "console, prompt-candidates", "console, evaluation-reports",
            "console, labelled-images",
            "console, shadow-reports", "learner, shadow-reports", "evaluator, shadow-reports", "operator, prompt-rollouts",
            "keda, labelled-images", "ingest, image-features", "ingest, prompt-rollouts", "ingest, rejected-images",
            "classifier, labelled-images", "classifier, class-embeddings", "learner, class-embeddings", "follower, class-embeddings",
            "operator, class-embeddings", "console, label-studio-annotations", "producer, label-studio-annotations"})
    void nobodyWritesWhereAnotherDecides(String user, String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients("promptgate-" + user).producer()))) {
            ExecutionException refused = assertThrows(ExecutionException.class,
                    () -> producer.send(new ProducerRecord<>(topic, 0, new byte[1], new byte[1])).get());
            assertInstanceOf(AuthorizationException.class, refused.getCause());
        }
    }
}
