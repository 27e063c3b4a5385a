package dev.promptgate.learner;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The learner on a real broker, with features of real images. */
@BrokerTest
@Tag("broker-semantics")
@BundledModelTest
class LearnerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of("http.port", "0", "learner.steps", "6", "learner.batch", "16",
            "learner.min-shots", "4",
            "learner.settle-time", "300ms", "learner.learning-rate", "0.02");

    private final TestBroker broker;
    private final ClipModel model;
    private KafkaClients clients;
    private TopicNames topics;

    LearnerIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeEach
    void createTopics() throws Exception {
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 1 << 21);
        topics = new TopicNames(broker.uniquePrefix());
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 1, (short) 1, 1 << 20), true);
        }
    }

    @Test
    void newClassesBecomeACandidate() throws Exception {
        try (ServiceHost host = start(SETTINGS)) {
            push(features("airplane", "bat", "cactus"));
            await().atMost(LIMIT).until(() -> !candidates().isEmpty());
            assertTrue(host.registry().scrape().contains("promptgate_learner_steps_total{branch=\"sam\"}"));
            assertTrue(host.registry().scrape().contains("promptgate_learner_prompt{prompt_name=\"default\"} 1.0"));
        }
        Prompt candidate = candidates().get(0);
        assertEquals(1, candidate.metadata().version());
        assertEquals(0, candidate.metadata().parent());
        assertEquals(List.of("airplane", "bat", "cactus"), candidate.metadata().classes());
        assertEquals(model.fingerprint(), candidate.metadata().modelFingerprint());
        assertEquals("6", candidate.metadata().training().get("steps"));
        JsonNode trace = new ObjectMapper().readTree(candidate.metadata().training().get("trace"));
        assertEquals("[1,2,3,4,5,6]", trace.path("step").toString());
        assertEquals(Double.parseDouble(candidate.metadata().training().get("final_perturbed_loss")),
                trace.path("perturbed_loss").path(5).asDouble(), 1e-3);
        assertEquals(Double.parseDouble(candidate.metadata().training().get("final_loss")), trace.path("loss").path(5).asDouble(), 1e-3);
        assertEquals(48, candidate.metadata().featureOffsets().get(0));
        assertEquals(List.of("airplane", "bat", "cactus"), List.copyOf(candidate.metadata().readyAt().keySet()));
        assertFalse(Arrays.equals(model.textEncoder().contextFrom("a photo of a").values(), candidate.context().values()));
    }

    @Test
    void aRestartGoesOnWhereTheLastCandidateWas() throws Exception {
        try (ServiceHost host = start(SETTINGS)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
        }
        Prompt first = candidates().get(0);
        PromptMetadata leaping = new PromptMetadata("default", 1L << 53, 1, first.metadata().modelFingerprint(), 1,
                first.metadata().origin(), Map.of());
        push(List.of(new ProducerRecord<>(topics.promptCandidates(), "default".getBytes(StandardCharsets.UTF_8),
                PromptCodec.encode(new Prompt(first.context(), leaping)))));
        try (ServiceHost host = start(SETTINGS)) {
            push(features("cactus"));
            await().atMost(LIMIT).until(() -> candidates().size() == 3);
            assertEquals(1, meter(host, "promptgate_learner_candidates_passed_over_total"));
        }
        Prompt second = candidates().get(2);
        assertEquals(2, second.metadata().version());
        assertEquals(1, second.metadata().parent());
        assertEquals(List.of("airplane", "bat", "cactus"), second.metadata().classes());
    }

    @Test
    void theSameRecordsGiveTheSameContextWithAndWithoutARestart() throws Exception {
        List<ProducerRecord<byte[], byte[]>> all = features("airplane", "bat");
        try (ServiceHost host = start(SETTINGS)) {
            push(all);
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
        }
        Prompt first = candidates().get(0);
        createTopics();
        try (ServiceHost host = start(SETTINGS)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
        }
        assertTrue(Arrays.equals(first.context().values(), candidates().get(0).context().values()));
    }

    /** What comes while the first update runs is learned from in one update after it, though it would have been due twice meanwhile. */
    @Test
    void anUpdateIsTheSameWhateverComesMeanwhileAndThoughItWasAbandonedInMidway() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("learner.steps", "200");
        settings.put("learner.settle-shots", "4");
        List<ProducerRecord<byte[], byte[]>> first = features("airplane", "bat");
        List<ProducerRecord<byte[], byte[]>> meanwhile = features("cactus", "dolphin");
        try (ServiceHost host = start(settings)) {
            pushInTurn(host, first, meanwhile);
            await().atMost(LIMIT).until(() -> candidates().size() == 2);
        }
        List<Prompt> undisturbed = candidates();
        createTopics();
        first = features("airplane", "bat");
        meanwhile = features("cactus", "dolphin");
        ServiceHost host = start(settings);
        pushInTurn(host, first, meanwhile);
        host.close();
        assertEquals(0, candidates().size(), "the update was abandoned");
        try (ServiceHost next = start(settings)) {
            await().atMost(LIMIT).until(() -> candidates().size() == 2);
        }
        assertEquals(List.of("airplane", "bat"), undisturbed.get(0).metadata().classes());
        assertEquals(List.of("airplane", "bat", "cactus", "dolphin"), undisturbed.get(1).metadata().classes());
        assertSame(undisturbed, candidates());
    }

    /** The second lot once an update runs on the first; returns when it is taken in, which the update must not have to end for. */
    private void pushInTurn(ServiceHost host, List<ProducerRecord<byte[], byte[]>> first, List<ProducerRecord<byte[], byte[]>> second) {
        push(first);
        await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_step_time_seconds_count") > 0);
        push(second);
        await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_features_total") == first.size() + second.size());
        assertEquals(0, meter(host, "promptgate_learner_candidates_total"));
    }

    private static void assertSame(List<Prompt> expected, List<Prompt> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).metadata().featureOffsets(), found.get(i).metadata().featureOffsets());
            assertEquals(expected.get(i).metadata().training(), found.get(i).metadata().training());
            assertTrue(Arrays.equals(expected.get(i).context().values(), found.get(i).context().values()), "context " + i);
        }
    }

    @Test
    void aShortUpdateForManyNewClassesIsFollowedByTheWholeOneThoughALearnerRestartsBetween() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(Map.of("learner.urgent-classes", "2", "learner.urgent-steps", "3", "learner.settle-time", "1h",
                "learner.settle-shots", "17", "learner.late-updates", "each"));
        try (ServiceHost host = start(settings)) {
            push(fourClassesAndOneAgain());
            await().atMost(LIMIT).until(() -> candidates().size() == 3);
            assertEquals(1, meter(host, "promptgate_learner_updates_short_total"));
        }
        List<Prompt> undisturbed = candidates();
        assertEquals(List.of("6", "3", "6"), undisturbed.stream().map(prompt -> prompt.metadata().training().get("steps")).toList());
        createTopics();
        List<ProducerRecord<byte[], byte[]>> all = fourClassesAndOneAgain();
        int horizon = undisturbed.get(1).metadata().featureOffsets().get(0).intValue();
        try (ServiceHost host = start(settings)) {
            push(all.subList(0, horizon));
            await().atMost(LIMIT).until(() -> candidates().size() == 2);
        }
        try (ServiceHost host = start(settings)) {
            push(all.subList(horizon, all.size()));
            await().atMost(LIMIT).until(() -> candidates().size() == 3);
        }
        assertSame(undisturbed, candidates());
    }

    @Test
    void aWholeUpdateMakesWayForManyNewClassesAndIsMadeUpForBehindThem() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(Map.of("learner.urgent-classes", "2", "learner.urgent-steps", "3", "learner.steps", "200",
                "learner.settle-shots", "4"));
        List<ProducerRecord<byte[], byte[]>> one = features("cactus");
        List<ProducerRecord<byte[], byte[]>> two = features("dolphin", "drum");
        try (ServiceHost host = start(settings)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
            push(one);
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_step_time_seconds_count") > 200);
            push(two);
            await().atMost(LIMIT).until(() -> candidates().size() == 3);
            assertEquals(1, meter(host, "promptgate_learner_updates_made_way_total"));
        }
        assertEquals(List.of("200", "3", "200"), candidates().stream().map(it -> it.metadata().training().get("steps")).toList());
        assertEquals(List.of(2, 5, 5), candidates().stream().map(it -> it.metadata().classes().size()).toList());
    }

    private List<ProducerRecord<byte[], byte[]>> fourClassesAndOneAgain() throws Exception {
        return Stream.of(features("airplane", "bat", "cactus", "dolphin"), features("airplane")).flatMap(List::stream).toList();
    }

    @Test
    void repeatedRelabelledAndWithdrawnImagesCountOnceAndInTheirLastPlace() throws Exception {
        List<ProducerRecord<byte[], byte[]>> once = features("airplane", "bat");
        ImageFeature relabelled = ImageFeature.decode(consumed(once.get(0)));
        ImageFeature heldOut = ImageFeature.decode(consumed(once.get(1)));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(once);
        records.addAll(once); // twice
        records.add(new ImageFeature(relabelled.imageId(), "bat", Split.TRAIN, model.fingerprint(), relabelled.feature(), 1,
                new SourcePosition(0, 9)).encode(topics.imageFeatures()));
        records.add(new ImageFeature(heldOut.imageId(), "airplane", Split.HELD_OUT, model.fingerprint(), heldOut.feature(), 1,
                new SourcePosition(0, 9)).encode(topics.imageFeatures()));
        records.add(new ProducerRecord<>(topics.imageFeatures(), once.get(2).key(), null)); // deleted
        push(records);
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("learner.shots", "40");
        settings.put("learner.settle-shots", "1000");
        settings.put("learner.settle-time", "3s"); // no slow machine shall make a pause of its own
        try (ServiceHost host = start(settings)) {
            await().atMost(LIMIT).until(() -> !candidates().isEmpty());
            assertEquals(30, host.registry().get(LearnerMeters.MEMORY_SHOTS.name()).gauge().value());
        }
        assertEquals("30", candidates().get(0).metadata().training().get("shots"));
    }

    /** Its images come in all the while, so that the class is whole once it is back. */
    @Test
    void aRetiredClassIsLeftOutUntilItIsBackThoughALearnerRestartsBetween() throws Exception {
        retireAndTakeBack(false);
        List<Prompt> undisturbed = candidates();
        assertEquals(List.of(List.of("airplane", "bat", "cactus"), List.of("airplane", "cactus"), List.of("airplane", "cactus", "dolphin"),
                List.of("airplane", "bat", "cactus", "dolphin")), undisturbed.stream().map(it -> it.metadata().classes()).toList());
        createTopics();
        retireAndTakeBack(true);
        assertSame(undisturbed, candidates());
    }

    private void retireAndTakeBack(boolean isRestarted) throws Exception {
        List<List<ProducerRecord<byte[], byte[]>>> lots = List.of(features("airplane", "bat", "cactus"),
                List.of(ClassState.plain("bat").retired(true).encode(topics.imageFeatures())), features("bat", "dolphin"),
                List.of(ClassState.plain("bat").encode(topics.imageFeatures())));
        ServiceHost host = start(SETTINGS);
        try {
            for (int i = 0; i < lots.size(); i++) {
                push(lots.get(i));
                int due = i + 1;
                await().atMost(LIMIT).until(() -> candidates().size() == due);
                if (isRestarted) {
                    host.close();
                    host = start(SETTINGS);
                }
            }
            ServiceHost last = host;
            await().atMost(LIMIT).until(() -> meter(last, "promptgate_learner_features_total") == 80);
            assertEquals(16, meter(last, "promptgate_learner_features_retired_total"));
        } finally {
            host.close();
        }
    }

    /** Classes called by ids are learned to the bit as those that are called as the ids are described. */
    @Test
    void aDescriptionStandsInThePromptInTheNamesPlaceThoughALearnerRestartsBetween() throws Exception {
        push(features("airplane", "bat"));
        try (ServiceHost host = start(SETTINGS)) {
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
        }
        Prompt called = candidates().get(0);
        createTopics();
        List<ProducerRecord<byte[], byte[]>> records = features("airplane", "bat");
        records.forEach(record -> relabel(record, label(record).equals("bat") ? "n2" : "n1"));
        records.add(0, described("n1", "airplane"));
        records.add(1, described("n2", "bat"));
        records.add(2, described("n3", "of no image"));
        records.add(3, described("n1", "1 ".repeat(100).strip())); // of more than 77 tokens: passed over
        push(records);
        try (ServiceHost host = start(SETTINGS)) {
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
            assertTrue(host.registry().scrape().contains("promptgate_learner_skipped_total{reason=\"label-too-long\"} 1.0"));
        }
        try (ServiceHost host = start(SETTINGS)) {
            push(List.of(described("n2", "flying animal")));
            await().atMost(LIMIT).until(() -> candidates().size() == 2);
        }
        Prompt described = candidates().get(0);
        assertEquals(List.of("n1", "n2"), described.metadata().classes());
        assertEquals(Map.of("n1", "airplane", "n2", "bat", "n3", "of no image"), described.metadata().descriptions().byClass());
        assertTrue(Arrays.equals(called.context().values(), described.context().values()));
        assertEquals("flying animal", candidates().get(1).metadata().descriptions().text("n2"));
    }

    private ProducerRecord<byte[], byte[]> described(String name, String description) {
        return ClassState.plain(name).described(Optional.of(description)).encode(topics.imageFeatures());
    }

    @Test
    void classesThatWouldBeTheSamePromptAreNamedOnceBeforeTheyAreTrained() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = features("airplane", "bat");
        records.stream().filter(record -> label(record).equals("bat")).skip(4).limit(8).forEach(record -> relabel(record, "Bat "));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger learner = (Logger) LoggerFactory.getLogger("dev.promptgate.learner");
        learner.addAppender(log);
        try (ServiceHost host = start(SETTINGS)) {
            push(records);
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
            assertEquals(2, meter(host, "promptgate_learner_same_prompt_classes"));
            push(features("cactus"));
            await().atMost(LIMIT).until(() -> candidates().size() == 2);
            push(features("bat")); // what promptgate labels merge comes to
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_same_prompt_classes") == 0);
        } finally {
            learner.detachAppender(log);
        }
        List<String> lines = log.list.stream().map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("Classes would be") || line.startsWith("Candidate ")).toList();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("\"Bat \", \"bat\"; merge them with: promptgate labels merge --to=bat --yes;"), lines.get(0));
        assertEquals(List.of("Bat ", "airplane", "bat"), candidates().get(0).metadata().classes());
    }

    /** By what the topic holds at the start, nothing is told: it was when it came. */
    @Test
    void anIdThatComesAgainWithOtherBytesIsCountedOnce() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = features("airplane", "bat");
        records.forEach(record -> record.headers().add("image-sha256", ImageIds.sha256(record.value()).getBytes(StandardCharsets.UTF_8)));
        ProducerRecord<byte[], byte[]> again = new ProducerRecord<>(records.get(0).topic(), null, records.get(0).key(),
                records.get(1).value(), records.get(1).headers());
        try (ServiceHost host = start(SETTINGS)) {
            push(records);
            push(records); // the same bytes, as an encoder that was killed may send them
            push(List.of(again));
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_features_total") == 2 * records.size() + 1);
            assertEquals(1, meter(host, "promptgate_learner_reused_ids_total"));
        }
        try (ServiceHost host = start(SETTINGS)) {
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_features_total") == 2 * records.size() + 1);
            assertEquals(0, meter(host, "promptgate_learner_reused_ids_total"));
            push(List.of(records.get(0))); // the first picture again: other bytes than the last
            push(List.of(new ProducerRecord<>(topics.imageFeatures(), records.get(0).key(), null), again)); // withdrawn in between
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_features_total") == 2 * records.size() + 3);
            assertEquals(1, meter(host, "promptgate_learner_reused_ids_total"));
        }
    }

    private static String label(ProducerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("label").value(), StandardCharsets.UTF_8);
    }

    private static void relabel(ProducerRecord<byte[], byte[]> record, String label) {
        record.headers().remove("label").add("label", label.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSecondLearnerOfThePromptTakesTheFirstOnesPlace() throws Exception {
        try (ServiceHost first = start(SETTINGS); ServiceHost second = start(SETTINGS)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> first.failure().failed());
            assertTrue(first.failure().cause().getMessage().startsWith("Another process has taken this one's place"),
                    first.failure().cause().getMessage());
            await().atMost(LIMIT).until(() -> !candidates().isEmpty());
            assertFalse(second.failure().failed());
        }
        assertEquals(1, candidates().size());
    }

    @Test
    void candidatesAreSignedAndForgedOnesAreNotLearnedOnFrom(@TempDir Path directory) throws Exception {
        SigningKeys keys = SigningKeys.generate(directory, "candidates");
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("trust.candidate-signing-key", keys.privateKey().toString());
        settings.put("trust.candidate-public-keys", keys.publicKey().toString());
        try (ServiceHost host = start(settings)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> candidates().size() == 1);
        }
        PromptVerifier verifier = PromptVerifier.load(List.of(keys.publicKey()));
        try (TopicLog log = new TopicLog(clients)) {
            verifier.verify(log.read(topics.promptCandidates()).get(0), PromptKind.CANDIDATE);
        }
        Prompt first = candidates().get(0);
        PromptMetadata m = first.metadata();
        float[] zeros = new float[first.context().values().length];
        push(List.of(new ProducerRecord<>(topics.promptCandidates(), "default".getBytes(StandardCharsets.UTF_8),
                PromptCodec.encode(new Prompt(first.context().withValues(zeros),
                        new PromptMetadata(m.prompt(), 9, 1, m.modelFingerprint(), 1,
                                new PromptMetadata.Origin(m.classes(), m.contextInit(), Map.of(), m.featureOffsets(), Map.of()),
                                Map.of()))))));
        try (ServiceHost host = start(settings)) {
            push(features("cactus"));
            await().atMost(LIMIT).until(() -> candidates().size() == 3);
        }
        assertEquals(2, candidates().get(2).metadata().version());
        assertEquals(1, candidates().get(2).metadata().parent());
    }

    @Test
    void itIsReadyOnceItHasReadWhatWasThere() throws Exception {
        push(features("airplane", "bat"));
        try (ServiceHost host = start(SETTINGS)) {
            await().atMost(LIMIT).until(() -> host.registry().get(LearnerMeters.RESTORED.name()).gauge().value() == 1);
            assertEquals(32, host.registry().get(LearnerMeters.FEATURES.name()).counter().count());
        }
    }

    @Test
    void whatWaitsForAnUpdateToEndIsSeen() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("learner.steps", "100000"); // stopping abandons it
        settings.put("learner.settle-shots", "4");
        settings.put("learner.late-updates", "each");
        try (ServiceHost host = start(settings)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_step_time_seconds_count") > 0);
            assertEquals(1, meter(host, "promptgate_learner_update_due"));
            push(features("cactus")); // which an update is due for after 4 + 4 of the 16
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_lag") == 8);
            push(features("dolphin"));
            await().atMost(LIMIT).until(() -> meter(host, "promptgate_learner_lag") == 24);
        }
    }

    private static double meter(ServiceHost host, String name) {
        return host.registry().scrape().lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length()))).sum();
    }

    @Test
    void badFeaturesArePassedOver() throws Exception {
        try (ServiceHost host = start(SETTINGS); KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topics.imageFeatures(), new byte[] {1}, new byte[] {1, 2, 3})).get();
            producer.send(new ImageFeature("x", "cat", Split.TRAIN, "sha256:other", new float[] {1, 0}, 0, new SourcePosition(0, 0))
                    .encode(topics.imageFeatures())).get();
            producer.send(new ImageFeature("short", "bat", Split.TRAIN, model.fingerprint(), new float[] {1}, 0, new SourcePosition(0, 0))
                    .encode(topics.imageFeatures())).get();
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> !candidates().isEmpty());
            String scrape = host.registry().scrape();
            assertTrue(scrape.contains("promptgate_learner_skipped_total{reason=\"malformed\"} 2.0"), scrape);
            assertTrue(scrape.contains("promptgate_learner_skipped_total{reason=\"other-model\"} 1.0"), scrape);
        }
        assertEquals(List.of("airplane", "bat"), candidates().get(0).metadata().classes());
    }

    @Test
    void aLossThatIsNotFiniteGivesNoCandidateAndTheStreamGoesOn() throws Exception {
        Map<String, String> absurd = new HashMap<>(SETTINGS);
        absurd.put("learner.learning-rate", "1e30");
        absurd.put("learner.warm-up-steps", "0");
        try (ServiceHost host = start(absurd)) {
            push(features("airplane", "bat"));
            await().atMost(LIMIT).until(() -> host.registry().get(LearnerMeters.FAILED_UPDATES.name()).counter().count() >= 1);
            assertFalse(host.failure().failed());
            push(features("cactus"));
            await().atMost(LIMIT).until(() -> host.registry().get(LearnerMeters.FEATURES.name()).counter().count() == 48);
        }
        assertEquals(0, candidates().size());
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }

    private ServiceHost start(Map<String, String> settings) {
        List<Setting<?>> known = Stream
                .of(PromptSettings.ALL.all(), HttpSettings.ALL.all(), LearnerSettings.ALL.all(), TrustSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        SettingsValues values = new SettingsCatalogue(known, List.of(), key -> true).resolve(SettingsSources.of(settings));
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new LearnerVerticle(values, clients, topics, model, host)).await();
        assertNotEquals(0, host.port());
        return host;
    }

    private List<ProducerRecord<byte[], byte[]>> features(String... labels) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (List.of(labels).contains(entry.label()) && entry.split().equals("train")) {
                float[] feature = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
                records.add(new ImageFeature(entry.file(), entry.label(), Split.TRAIN, model.fingerprint(), feature, 77,
                        new SourcePosition(0, 0)).encode(topics.imageFeatures()));
            }
        }
        return records;
    }

    private void push(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            records.forEach(producer::send);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    private List<Prompt> candidates() throws Exception {
        try (TopicLog log = new TopicLog(clients)) {
            List<Prompt> snapshots = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.promptCandidates())) {
                snapshots.add(PromptCodec.decode(record.value()));
            }
            return snapshots;
        }
    }
}
