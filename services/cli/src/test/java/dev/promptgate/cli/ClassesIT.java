package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What operators say of classes, from the command to the live prompt. */
@BrokerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClassesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A gate that lets everything out that has an image to be judged by. */
    private static final Map<String, String> SETTINGS = Map.of("learner.steps", "4", "learner.min-shots", "4", "learner.settle-time",
            "500ms", "evaluator.min-images", "1", "evaluator.min-images-per-class", "1", "evaluator.max-seen-drop", "0.9",
            "evaluator.confidence", "0.6");

    private final TestBroker broker;
    private ClipModel model;

    ClassesIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void load(@TempDir Path directory) {
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
    }

    @AfterAll
    void close() {
        model.close();
    }

    /** Each has 16 images that train and 16 that judge. */
    @Test
    void aRetiredClassLeavesTrainingJudgingAndAnswersUntilItIsBackThoughServicesRestart() throws Exception {
        TopicNames topics = topics();
        try (ServiceHost host = services(topics)) {
            push(topics, "airplane", "bat", "cactus");
            awaitLive(topics, "airplane", "bat", "cactus");
            assertEquals("would retire the class \"bat\" with its 32 images; add --yes to do it", done(topics, "retire", "bat"));
            assertEquals("retired the class \"bat\" with its 32 images",
                    done(topics, "retire", "bat", "--yes", "--reason=gone", "--by=me"));
            awaitLive(topics, "airplane", "cactus");
            assertFalse(host.failure().failed());
        }
        assertTrue(run(topics, "list").out().contains("      16       16        0  bat  (retired)\n"), run(topics, "list").out());
        String json = run(topics, "list", "--json").out();
        assertTrue(json.contains("{\"class\":\"bat\",\"train\":16,\"held-out\":16,\"retired\":true}"), json);
        GateCommand noted = GateCommand.decode(read(topics, topics.gateCommands()).get(0).value());
        assertEquals(List.of("retired the class \"bat\" with its 32 images, because gone", "me"), List.of(noted.reason(), noted.by()));
        try (ServiceHost host = services(topics)) {
            push(topics, "bat", "dolphin");
            awaitLive(topics, "airplane", "cactus", "dolphin");
            assertEquals("took back the class \"bat\" with its 32 images", done(topics, "retire", "bat", "--undo", "--yes"));
            awaitLive(topics, "airplane", "bat", "cactus", "dolphin");
            assertFalse(host.failure().failed());
        }
        assertEquals(List.of("1: 48, 0", "2: 32, 0", "3: 48, 0", "4: 64, 0"), compared(topics));
    }

    /** Airplanes are called n1; what class-embeddings and the classifier make of them is what the words make. */
    @Test
    void aDescriptionStandsInThePromptOfWhoeverReadsIt() throws Exception {
        TopicNames topics = topics();
        try (ServiceHost host = services(topics)) {
            push(topics, "airplane", "bat");
            awaitLive(topics, "airplane", "bat");
            done(topics, "rename", "airplane", "n1", "--yes");
            awaitLive(topics, "bat", "n1");
            long before = live(read(topics, topics.promptRollouts())).version();
            assertEquals("would describe the class \"n1\" with its 32 images as \"aircraft\"; add --yes to do it",
                    done(topics, "describe", "n1", "aircraft"));
            assertEquals("described the class \"n1\" with its 32 images as \"aircraft\"",
                    done(topics, "describe", "n1", "aircraft", "--yes"));
            Awaitility.await().atMost(LIMIT).until(() -> live(read(topics, topics.promptRollouts())).version() > before);
            assertFalse(host.failure().failed());
        }
        Prompt live = live(read(topics, topics.promptRollouts()));
        assertEquals(List.of("bat", "n1"), live.metadata().classes());
        assertEquals(Map.of("n1", "aircraft"), live.metadata().descriptions().byClass());
        float[][] expected = model.textEncoder().features(live.context(), model.textEncoder().prompts(List.of("bat", "aircraft"), 4));
        EmbeddingsReader embeddings = new EmbeddingsReader("default", PromptVerifier.off(), Optional.of(model.fingerprint()));
        for (ConsumerRecord<byte[], byte[]> record : read(topics, topics.classEmbeddings())) {
            embeddings.take(record);
        }
        assertArrayEquals(expected, embeddings.live().orElseThrow().textFeatures());
        assertEquals(List.of("bat", "n1"), embeddings.live().orElseThrow().classes());
        PromptClassifier classifier = PromptClassifier.prepare(new LivePrompt("default", live.version(), 0, Optional.of(live)), model,
                live.context(), List.of("Aircraft", "cactus"), 10);
        assertEquals(List.of("bat", "n1", "cactus"), classifier.own().classes());
        assertArrayEquals(expected, classifier.embeddings().orElseThrow().textFeatures());
    }

    /** Images, seen and unseen, that each version was judged on. */
    private List<String> compared(TopicNames topics) throws Exception {
        List<String> compared = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topics, topics.evaluationReports())) {
            if (ReportCodec.decode(record.value()) instanceof VerdictReport verdict && verdict.isRolledOut()) {
                compared.add("%d: %d, %d".formatted(verdict.ruling().candidateVersion(),
                        verdict.comparison().orElseThrow().space().seenImages(),
                        verdict.comparison().orElseThrow().space().unseenImages()));
            }
        }
        return compared;
    }

    @Test
    void whatIsSaidOfAClassGoesAlongWithItsNameAndAwayWhenItIsMerged() throws Exception {
        TopicNames topics = topics();
        push(topics, List.of(image("a", "n0208"), image("b", "n0208"), image("c", "cat")));
        done(topics, "retire", "n0208", "--yes");
        done(topics, "rename", "n0208", "dog", "--yes");
        String header = "   train held-out    probe  class\n";
        assertEquals(header + "       1        0        0  cat\n       2        0        0  dog  (retired)\n", run(topics, "list").out());
        done(topics, "merge", "dog", "--to=cat", "--yes");
        assertEquals(header + "       3        0        0  cat\n", run(topics, "list").out());

        assertRefused(run(topics, "retire", "dog"), "no image has this label; see: promptgate classes list [class: dog]");
        assertRefused(run(topics, "retire", "cat", "--undo"), "the class is not retired [class: cat]");
        done(topics, "retire", "cat", "--yes");
        assertRefused(run(topics, "retire", "cat", "--yes"), "the class is retired already [class: cat]");
        assertEquals(4, read(topics, topics.gateCommands()).size());
    }

    @Test
    void whatCannotStandInAPromptIsRefused() {
        TopicNames topics = topics();
        push(topics, List.of(image("a", "n1"), image("b", "bat")));
        done(topics, "describe", "n1", "aircraft", "--yes");
        assertTrue(run(topics, "list").out().endsWith("       1        0        0  n1  (\"aircraft\")\n"), run(topics, "list").out());
        assertTrue(run(topics, "list", "--json").out().endsWith("{\"class\":\"n1\",\"train\":1,\"description\":\"aircraft\"}\n"));
        done(topics, "rename", "n1", "n2", "--yes");
        assertTrue(run(topics, "list").out().endsWith("  n2  (\"aircraft\")\n"), run(topics, "list").out());
        assertRefused(run(topics, "describe", "n1", "plane"), "no image has this label");
        assertRefused(run(topics, "describe", "n2", "aircraft"), "the class is described so already");
        assertRefused(run(topics, "describe", "n2", "Bat"), "another class would be the same prompt");
        assertRefused(run(topics, "describe", "bat", "Aircraft"), "another class would be the same prompt");
        assertRefused(run(topics, "describe", "n2", "1 ".repeat(100).strip()), "makes more tokens than the model's text tower takes");
        assertRefused(run(topics, "describe", "n2", " "), "The description is no label: The label is blank");
        assertRefused(run(topics, "describe", "n2", "plane", "--clear"), "give either a TEXT or --clear");
        assertRefused(run(topics, "describe", "bat", "--clear"), "the class has no description");
        assertEquals("called the class \"n2\" with its 1 images by its name in prompts",
                done(topics, "describe", "n2", "--clear", "--yes"));
        assertTrue(run(topics, "list").out().endsWith("  n2\n"), run(topics, "list").out());
    }

    private static ImageFeature image(String id, String label) {
        return new ImageFeature(id, label, Split.TRAIN, "m", new float[] {1}, 7, new SourcePosition(0, 1));
    }

    private static void assertRefused(Output refused, String why) {
        assertEquals(1, refused.exitCode(), refused.out());
        assertTrue(refused.err().contains(why) && refused.err().lines().count() == 1, refused.err());
    }

    /** All images of these classes at once. */
    private void push(TopicNames topics, String... labels) throws Exception {
        List<ImageFeature> features = new ArrayList<>();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (List.of(labels).contains(entry.label())) {
                float[] feature = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
                features.add(new ImageFeature(entry.file(), entry.label(), WireName.parse(Split.class, entry.split()).orElseThrow(),
                        model.fingerprint(), feature, 77, new SourcePosition(0, 0)));
            }
        }
        push(topics, features);
    }

    private void push(TopicNames topics, List<ImageFeature> features) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients(topics).producer()))) {
            features.forEach(feature -> producer.send(feature.encode(topics.imageFeatures())));
        }
    }

    private void awaitLive(TopicNames topics, String... classes) {
        Awaitility.await().atMost(LIMIT).until(() -> {
            List<ConsumerRecord<byte[], byte[]>> rollouts = read(topics, topics.promptRollouts());
            return !rollouts.isEmpty() && live(rollouts).metadata().classes().equals(List.of(classes));
        });
    }

    private static Prompt live(List<ConsumerRecord<byte[], byte[]>> rollouts) throws Exception {
        return PromptCodec.decode(rollouts.get(rollouts.size() - 1).value());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicNames topics, String topic) {
        try (TopicLog log = new TopicLog(clients(topics))) {
            return log.read(topic);
        }
    }

    private TopicNames topics() {
        TopicNames topics = new TopicNames(broker.uniquePrefix());
        assertEquals(0, command(topics, "topics", "--set", "topics.partitions=1").exitCode());
        return topics;
    }

    private ServiceHost services(TopicNames topics) {
        SettingsValues values = settings(topics);
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new LearnerVerticle(values, clients(topics), topics, model, host),
                () -> new EvaluatorVerticle(values, clients(topics), topics, model, host)).await();
        return host;
    }

    private KafkaClients clients(TopicNames topics) {
        return CommonOptions.clients(settings(topics));
    }

    private SettingsValues settings(TopicNames topics) {
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(Map.of("http.port", "0", "kafka.bootstrap-servers", broker.bootstrapServers(), "topics.prefix", topics.prefix()));
        return KnownSettings.catalogue().resolve(SettingsSources.of(all));
    }

    private String done(TopicNames topics, String... args) {
        Output done = run(topics, args);
        assertEquals(0, done.exitCode(), done.err());
        return done.out().strip();
    }

    private Output run(TopicNames topics, String... args) {
        List<String> command = new ArrayList<>(List.of("classes"));
        command.addAll(Arrays.asList(args));
        return command(topics, command.toArray(String[]::new));
    }

    private Output command(TopicNames topics, String... command) {
        List<String> args = new ArrayList<>(Arrays.asList(command));
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", topics.prefix()));
        return Output.of(args.toArray(String[]::new));
    }
}
