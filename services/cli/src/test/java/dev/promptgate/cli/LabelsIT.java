package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.Context;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose names would be the same prompt, from produce through encoder and learner to the command that merges them. */
@BrokerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<SampleStream.Entry> IMAGES = SampleStream.entries().stream().filter(e -> e.split().equals("train")).toList();

    private final TestBroker broker;
    private ClipModel model;

    LabelsIT(TestBroker broker) {
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

    @Test
    void theyAreNamedBeforeTheyAreTrainedAndMergedByTheCommand(@TempDir Path photos) throws Exception {
        TopicNames topics = topics();
        folders(photos, "Elephant", "elephant", "bus");
        try (ServiceHost encoder = encoder(topics, Map.of()); ServiceHost learner = learner(topics)) {
            Output pushed = run(topics, "produce", photos.toString(), "--split", "train");
            assertEquals(0, pushed.exitCode(), pushed.err());
            assertTrue(pushed.err().contains("Classes would be the same prompt") && pushed.err().contains("\"Elephant\", \"elephant\""),
                    pushed.err());
            await(() -> sameIn(learner) == 2);
            await(() -> candidates(topics).size() == 1);

            Output named = run(topics, "labels", "merge");
            assertEquals("""
                    "Elephant", "elephant" would be the same prompt [images: 5, 5]
                      promptgate labels merge --to=elephant --yes
                    """, named.out());
            assertEquals("would give 5 images the label \"elephant\" that had \"Elephant\"; add --yes to do it",
                    run(topics, "labels", "merge", "--to=elephant").out().strip());
            assertEquals(Map.of("Elephant", 5L, "elephant", 5L, "bus", 5L), labels(topics), "nothing was written");

            Output merged = run(topics, "labels", "merge", "--to=elephant", "--yes");
            assertEquals(0, merged.exitCode(), merged.err());
            assertEquals("gave 5 images the label \"elephant\" that had \"Elephant\"", merged.out().strip());
            assertEquals(Map.of("elephant", 10L, "bus", 5L), labels(topics));
            await(() -> sameIn(learner) == 0);
            assertTrue(run(topics, "labels", "merge", "--to=elephant", "--yes").out().startsWith("nothing to merge"));
            assertEquals("every label makes a prompt of its own [labels: 2]", run(topics, "labels", "merge").out().strip());
            assertFalse(learner.failure().failed() || encoder.failure().failed());
        }
        assertEquals(List.of("Elephant", "bus", "elephant"), candidates(topics).get(0).metadata().classes());
    }

    @Test
    void foldedTheyAreOneClassFromTheStart(@TempDir Path photos) throws Exception {
        TopicNames topics = topics();
        folders(photos, "Elephant", "elephant ", "\"elephant\"", "cafe\u0301", "Café", "red_apple", "red apple");
        try (ServiceHost encoder = encoder(topics, Map.of("labels.fold", "true")); ServiceHost learner = learner(topics)) {
            assertEquals(0, run(topics, "produce", photos.toString(), "--split", "train").exitCode());
            await(() -> candidates(topics).size() == 1);
            assertEquals(0, sameIn(learner));
            assertFalse(encoder.failure().failed());
        }
        assertEquals(List.of("café", "elephant", "red apple"), candidates(topics).get(0).metadata().classes());
        assertEquals(Map.of("elephant", 15L, "café", 10L, "red apple", 10L), labels(topics));
    }

    @Test
    void aLabelThatIsNoneAndYesWithoutToAreRefused() {
        Output blank = Output.of("labels", "merge", "--to=<|endoftext|>");
        assertTrue(blank.exitCode() != 0 && blank.err().contains("--to is no label"), blank.err());
        Output alone = Output.of("labels", "merge", "--yes");
        assertTrue(alone.exitCode() != 0 && alone.err().contains("--yes needs --to"), alone.err());
    }

    @Test
    void classesAreListedRenamedAndMerged() throws Exception {
        TopicNames topics = topics();
        features(topics, "a=n0208", "b=n0208", "c=puppy", "d=hound", "e=cat");
        assertEquals("""
                   train held-out    probe  class
                       1        0        0  cat
                       1        0        0  hound
                       2        0        0  n0208
                       1        0        0  puppy
                """, run(topics, "classes", "list").out());
        assertEquals("{\"class\":\"cat\",\"train\":1}", run(topics, "classes", "list", "--json").out().lines().findFirst().orElse(""));

        assertEquals("would give 2 images the label \"dog\" that had \"n0208\"; add --yes to do it",
                run(topics, "classes", "rename", "n0208", "dog").out().strip());
        assertEquals(Map.of("n0208", 2L, "puppy", 1L, "hound", 1L, "cat", 1L), labels(topics), "nothing was written");
        assertEquals("gave 2 images the label \"dog\" that had \"n0208\"",
                run(topics, "classes", "rename", "n0208", "dog", "--yes", "--reason=for people", "--by=me").out().strip());
        assertEquals("gave 2 images the label \"dog\" that had \"hound\", \"puppy\"",
                run(topics, "classes", "merge", "puppy", "hound", "--to=dog", "--yes").out().strip());
        assertEquals(Map.of("dog", 4L, "cat", 1L), labels(topics));
        GateCommand noted = GateCommand.decode(read(topics.gateCommands()).get(0).value());
        assertEquals(List.of(GateCommand.Action.NOTE, "gave 2 images the label \"dog\" that had \"n0208\", because for people", "me"),
                List.of(noted.action(), noted.reason(), noted.by()));
        assertEquals(2, read(topics.gateCommands()).size());

        for (String[] wrong : new String[][] {{"rename", "cat", "dog"}, {"rename", "cow", "ox"}, {"merge", "cow", "--to=dog"},
                {"rename", "cat", "cat"}, {"rename", "cat", " "}}) {
            Output refused = run(topics, Stream.concat(Stream.of("classes"), Stream.of(wrong)).toArray(String[]::new));
            assertTrue(refused.exitCode() != 0 && refused.err().lines().count() == 1, refused.out() + refused.err());
        }
        assertEquals(Map.of("dog", 4L, "cat", 1L), labels(topics));
    }

    private void features(TopicNames topics, String... idsAndLabels) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients().producer()))) {
            for (String each : idsAndLabels) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.imageFeatures(), utf8(each.substring(0, 1)), unit());
                record.headers().add("label", utf8(each.substring(2))).add("split", utf8("train")).add("model", utf8("m"))
                        .add("produced-at", utf8("7")).add("source-partition", utf8("0")).add("source-offset", utf8("1"));
                producer.send(record);
            }
        }
    }

    /** Withdrawn images stay withdrawn, and other classes as they are. */
    @Test
    void onlyTheLastRecordsOfTheClassAreWrittenAgain() throws Exception {
        TopicNames topics = topics();
        features(topics, "a=Dog", "b=Dog", "c=dog", "d=Dog", "a=cat", "e=DOG", "e=dog", "f=\"Cow\"");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients().producer()))) {
            producer.send(new ProducerRecord<>(topics.imageFeatures(), utf8("b"), null));
            producer.send(new ProducerRecord<>(topics.imageFeatures(), utf8("damaged"), new byte[3]));
        }
        assertEquals("""
                "\\"Cow\\"", "Cow" would be the same prompt [images: 1, 0]
                  promptgate labels merge --to=cow --yes
                "Dog", "dog" would be the same prompt [images: 1, 2]
                  promptgate labels merge --to=dog --yes
                """, run(topics, "labels", "merge").out());
        Output merged = run(topics, "labels", "merge", "--to=dog", "--yes");
        assertEquals("gave 1 images the label \"dog\" that had \"Dog\"", merged.out().strip());
        assertEquals(Map.of("dog", 3L, "cat", 1L, "\"Cow\"", 1L), labels(topics));
    }

    /** Images lie where their class's name does; the fifth, a bear, has the label of a cactus. */
    @Test
    void labelsThatLookWrongAreListedByTheLivePrompt() throws Exception {
        TopicNames topics = topics();
        List<String> names = List.of("apple", "bear", "cactus");
        Context context = model.textEncoder().contextFrom("a photo of a");
        float[][] text = model.textEncoder().features(context, model.textEncoder().prompts(names, context.tokens()));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients().producer()))) {
            for (int i = 0; i < 15; i++) {
                producer.send(feature(topics, "i" + i, i == 4 || i == 7 ? "cactus" : names.get(i % 3), model.fingerprint(), text[i % 3]));
            }
            producer.send(feature(topics, "i7", "bear", model.fingerprint(), text[1])); // put right
            producer.send(feature(topics, "i4", "apple", "another model", text[0]));
            producer.send(feature(topics, "other", "apple", "another model", text[0]));
            producer.send(feature(topics, "gone", "apple", model.fingerprint(), text[1]));
            producer.send(new ProducerRecord<>(topics.imageFeatures(), utf8("gone"), null));
        }
        JsonNode found = new ObjectMapper().readTree(run(topics, "suspects", "--json").out());
        assertEquals("[\"default\",0,15,3,1,1]", JsonNodeFactory.instance.arrayNode().add(found.path("prompt")).add(found.path("version"))
                .add(found.path("images")).add(found.path("classes")).add(found.path("passed_over")).add(found.path("total")).toString());
        JsonNode suspect = found.path("suspects").path(0);
        assertEquals(List.of("i4", "cactus", "bear", "train", "7"), Stream.of("id", "label", "suggested", "split", "offset")
                .map(key -> suspect.path(key).asText()).toList());
        assertTrue(suspect.path("self_confidence").asDouble() < suspect.path("probability").asDouble(), suspect.toString());
        assertTrue(run(topics, "suspects", "--label", "bear").out().startsWith("0 of 15 labels look wrong to the hand-written prompt"));
        PromptMetadata.Origin origin = new PromptMetadata.Origin(names, "a photo of a", Map.of(), Map.of(), Map.of());
        PromptMetadata about = new PromptMetadata("default", 3, 0, model.fingerprint(), 1, origin, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients().producer()))) {
            producer.send(new ProducerRecord<>(topics.promptRollouts(), utf8("default"), PromptCodec.encode(new Prompt(context, about))));
        }
        String lines = run(topics, "suspects", "--limit", "1").out();
        assertTrue(lines.startsWith("cactus → bear  0.") && lines.lines().count() == 2 && lines.contains("train     i4"), lines);
        assertTrue(lines.contains("1 of 15 labels look wrong to version 3 [prompt: default, classes: 3, passed over: 1]"), lines);
        Output unknown = run(topics, "suspects", "--label", "dog");
        assertTrue(unknown.exitCode() == 1 && unknown.err().contains("no image has this label [label: dog, labels: 3]"), unknown.err());
    }

    private static ProducerRecord<byte[], byte[]> feature(TopicNames topics, String id, String label, String fingerprint, float[] feature) {
        return new ImageFeature(id, label, Split.TRAIN, fingerprint, feature, 7, new SourcePosition(0, 7)).encode(topics.imageFeatures());
    }

    private static byte[] unit() {
        return new byte[] {0, 0, (byte) 0x80, 0x3F};
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void folders(Path root, String... names) throws Exception {
        for (int i = 0; i < names.length; i++) {
            Path folder = Files.createDirectories(root.resolve(names[i]));
            for (int image = 0; image < 5; image++) {
                Files.write(folder.resolve(image + ".jpg"), SampleStream.bytes(IMAGES.get(16 * i + image)));
            }
        }
    }

    private static double sameIn(ServiceHost learner) {
        return learner.registry().get(LearnerMeters.SAME_PROMPT_CLASSES.name()).gauge().value();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(LIMIT).until(condition);
    }

    private Map<String, Long> labels(TopicNames topics) throws Exception {
        Map<String, String> byId = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topics.imageFeatures())) {
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                byId.remove(id);
            } else if (record.value().length > 3) {
                byId.put(id, ImageFeature.decode(record).label());
            }
        }
        Map<String, Long> images = new TreeMap<>();
        byId.values().forEach(label -> images.merge(label, 1L, Long::sum));
        return images;
    }

    private List<Prompt> candidates(TopicNames topics) throws Exception {
        List<Prompt> candidates = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topics.promptCandidates())) {
            candidates.add(PromptCodec.decode(record.value()));
        }
        return candidates;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (TopicLog log = new TopicLog(clients())) {
            return log.read(topic);
        }
    }

    private KafkaClients clients() {
        return new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 2 << 20);
    }

    private TopicNames topics() {
        TopicNames topics = new TopicNames(broker.uniquePrefix());
        assertEquals(0, run(topics, "topics", "--set", "topics.partitions=1").exitCode());
        return topics;
    }

    private ServiceHost encoder(TopicNames topics, Map<String, String> more) {
        SettingsValues values = settings(topics, more);
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new EncoderVerticle(values, CommonOptions.clients(values), topics, model, host)).await();
        return host;
    }

    private ServiceHost learner(TopicNames topics) {
        SettingsValues values = settings(topics, Map.of("learner.steps", "4", "learner.min-shots", "4", "learner.settle-time", "500ms"));
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new LearnerVerticle(values, CommonOptions.clients(values), topics, model, host)).await();
        return host;
    }

    private SettingsValues settings(TopicNames topics, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.putAll(Map.of("http.port", "0", "kafka.bootstrap-servers", broker.bootstrapServers(), "topics.prefix", topics.prefix()));
        return KnownSettings.catalogue().resolve(SettingsSources.of(all));
    }

    private Output run(TopicNames topics, String... command) {
        List<String> args = new ArrayList<>(Arrays.asList(command));
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", topics.prefix()));
        return Output.of(args.toArray(String[]::new));
    }
}
