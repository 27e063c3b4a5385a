package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to encoders: every record of labelled-images leads to one feature or to one rejection all the same. */
@BrokerTest
class EncoderChaosIT {
    private static final Map<String, String> SETTINGS = Map.of("encoder.batch-size", "16", "encoder.max-in-flight", "256",
            "encoder.decode-threads", "1");

    private final TestBroker broker;
    private Path directory;
    /** The vector of every image as an undisturbed encoder makes it. */
    private Map<String, float[]> undisturbed;

    EncoderChaosIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    void reference(@TempDir Path temporary) throws Exception {
        directory = temporary;
        undisturbed = new HashMap<>();
        Images.features().forEach(feature -> undisturbed.put(feature.imageId(), feature.feature()));
    }

    private Stream stream(int partitions) throws Exception {
        return Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), partitions);
    }

    private static Map<String, String> settings(String transactionalId) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("encoder.transactional-id", transactionalId);
        return settings;
    }

    @Test
    void killedInMidBatchTheEncoderLosesAndRepeatsNothing() throws Exception {
        Stream stream = stream(3);
        stream.push(records(stream, Scale.COPIES));
        int images = Images.all().size() * Scale.COPIES;
        int inMidStream = 0;
        for (int kill = 0; kill < Scale.KILLS; kill++) {
            try (ServiceRun encoder = ServiceRun.start("encoder", stream, directory, settings(stream.topics().prefix() + "encoder"))
                    .started()) {
                long before = stream.size(stream.topics().imageFeatures());
                Awaitility.await().atMost(Scale.LIMIT).until(() -> stream.size(stream.topics().imageFeatures()) > before);
                Thread.sleep(ThreadLocalRandom.current().nextInt(700)); // somewhere: in a batch, in a transaction, between two
                encoder.kill();
            }
            inMidStream += Ledger.of(stream).missing() > 0 ? 1 : 0;
        }
        Ledger ledger = finish(stream, images);
        LedgerReport.add("encoder killed (SIGKILL) in mid-batch",
                "%d times, %d of them before the last image".formatted(Scale.KILLS, inMidStream), ledger.toString(),
                sameAsUndisturbed(ledger));
        assertTrue(ledger.isBalanced(), ledger.toString());
        assertEquals(images, ledger.ids().size());
        assertTrue(inMidStream * 2 >= Scale.KILLS, "too few kills hit an encoder at work: " + inMidStream);
    }

    @Test
    void twoEncodersUnderARebalanceEverySecondLoseAndRepeatNothing() throws Exception {
        Stream stream = stream(4);
        int images = Images.all().size() * Scale.COPIES;
        AtomicBoolean over = new AtomicBoolean();
        int[] visits = {0, 0};
        double counted;
        Map<String, String> restless = new HashMap<>(SETTINGS);
        restless.put("kafka.property.heartbeat.interval.ms", "100"); // members learn of a rebalance by a heartbeat
        restless.put("encoder.max-in-flight", "48"); // partitions are paused again and again, as on a busy machine
        try (ServiceRun first = ServiceRun.start("encoder", stream, directory, restless);
                ServiceRun second = ServiceRun.start("encoder", stream, directory, restless)) {
            first.started();
            second.started();
            Thread intruder = new Thread(() -> rebalance(stream, over, visits), "intruder");
            intruder.start();
            int portions = (int) (2 * Scale.REBALANCING.toSeconds());
            List<ProducerRecord<byte[], byte[]>> records = records(stream, Scale.COPIES);
            for (int i = 0; i < portions; i++) { // all the while there is work in flight
                stream.push(records.subList(i * images / portions, (i + 1) * images / portions));
                Thread.sleep(500);
            }
            over.set(true);
            intruder.join();
            ServiceRun.await(stream, () -> Ledger.of(stream).missing() == 0, first, second);
            counted = first.meter("promptgate_encoder_rebalances_total") + second.meter("promptgate_encoder_rebalances_total");
            assertTrue(first.isAlive() && second.isAlive());
        }
        stream.assertCleanHistory();
        Ledger ledger = Ledger.of(stream);
        LedgerReport.add("two encoders, a third member of their group comes and goes every second",
                ("%d times (a rebalance when it comes, one when it goes); %d times it got partitions; from the encoders partitions were "
                        + "taken %.0f times")
                        .formatted(visits[0], visits[1], counted),
                ledger.toString(), sameAsUndisturbed(ledger));
        assertTrue(ledger.isBalanced(), ledger.toString());
        assertEquals(images, ledger.ids().size());
        assertTrue(counted > 0, "no partition ever moved");
    }

    /** A member of the group that reads nothing and commits nothing. */
    private static void rebalance(Stream stream, AtomicBoolean over, int[] count) {
        while (!over.get()) {
            try (KafkaConsumer<byte[], byte[]> intruder = new KafkaConsumer<>(
                    new HashMap<>(stream.clients().groupConsumer(stream.topics().prefix() + "promptgate-encoder", Optional.empty())))) {
                intruder.subscribe(List.of(stream.topics().labelledImages()));
                boolean assigned = false;
                for (long end = System.nanoTime() + 700_000_000L; System.nanoTime() < end && !assigned;) {
                    intruder.poll(Duration.ofMillis(50));
                    assigned = !intruder.assignment().isEmpty();
                    intruder.pause(intruder.assignment());
                }
                count[0]++;
                count[1] += assigned ? 1 : 0;
                intruder.close();
                Thread.sleep(300); // its partitions go back to the encoders
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Test
    void duplicatesRelabelledAndOutOfOrderIdsCountOnceAndInTheirLastPlace() throws Exception {
        Stream stream = stream(3);
        Random random = new Random(5);
        List<LabelledImage> images = new ArrayList<>();
        for (Images.Planned planned : Images.all()) {
            for (int copy = random.nextInt(3); copy >= 0; copy--) {
                LabelledImage image = planned.image("");
                images.add(random.nextInt(20) == 0 ? new LabelledImage(image.imageId(), "relabelled", image.split(), image.bytes(), 0)
                        : image);
            }
        }
        Collections.shuffle(images, random);
        stream.push(images.stream().map(image -> image.encode(stream.topics().labelledImages())).toList());
        Map<String, String> lastLabel = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().labelledImages())) { // an id stays in its partition: the
                                                                                                      // order is the producer's
            lastLabel.put(new String(record.key(), StandardCharsets.UTF_8), LabelledImage.decode(record).label());
        }
        Ledger ledger = finish(stream, images.size());
        Map<String, String> found = new HashMap<>();
        ledger.ids().forEach((id, feature) -> found.put(id, feature.label()));
        boolean same = found.equals(lastLabel);
        LedgerReport.add("producer sends ids up to three times, out of order, one in twenty relabelled",
                "%d records of %d ids".formatted(images.size(), lastLabel.size()), ledger.toString(),
                same ? "every id once, with its last label" : "labels differ");
        assertTrue(ledger.isBalanced(), ledger.toString());
        assertTrue(same);
    }

    @Test
    void poisonIsRejectedAndTheRestComesThrough() throws Exception {
        Stream stream = stream(3);
        int poison = 0;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < Scale.POISONED_STREAM; i++) {
            boolean bad = i % 100 == 42;
            poison += bad ? 1 : 0;
            records.add(bad ? Poison.record(stream.topics().labelledImages(), i)
                    : new LabelledImage("good-" + i, "good", null, Images.file(i), 0).encode(stream.topics().labelledImages()));
            if (records.size() == 1_000) {
                stream.push(records);
                records.clear();
            }
        }
        stream.push(records);
        Ledger ledger = finish(stream, Scale.POISONED_STREAM);
        Map<String, Integer> codes = new TreeMap<>();
        stream.read(stream.topics().rejectedImages()).forEach(record -> codes
                .merge(RejectedImage.decode(record).orElseThrow().code(), 1, Integer::sum));
        LedgerReport.add("one record in a hundred is poison", "%d records, %d of them poison".formatted(Scale.POISONED_STREAM, poison),
                ledger.toString(), "rejected by code: " + codes);
        assertTrue(ledger.isBalanced(), ledger.toString());
        assertEquals(poison, ledger.rejected());
        assertTrue(ledger.ids().keySet().stream().allMatch(id -> id.startsWith("good-")));
        assertEquals(Poison.KINDS, codes.size(), codes.toString());
    }

    /** Copies of the sample stream, each image under an id of its own. */
    private static List<ProducerRecord<byte[], byte[]>> records(Stream stream, int copies) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            String suffix = copy == 0 ? "" : "#" + copy;
            Images.all().forEach(planned -> records.add(planned.image(suffix).encode(stream.topics().labelledImages())));
        }
        return records;
    }

    private Ledger finish(Stream stream, int records) throws Exception {
        try (ServiceRun encoder = ServiceRun.start("encoder", stream, directory, settings(stream.topics().prefix() + "encoder"))
                .started()) {
            Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofMillis(500))
                    .until(() -> stream.size(stream.topics().imageFeatures()) + stream.size(stream.topics().rejectedImages()) >= records
                            && Ledger.of(stream).missing() == 0 || !encoder.isAlive());
            assertTrue(encoder.isAlive(), encoder.log());
            assertEquals(0, encoder.terminate(Duration.ofSeconds(40)), encoder.log());
        }
        stream.assertCleanHistory();
        return Ledger.of(stream);
    }

    /** Labels, splits and vectors are those of an encoder that nobody disturbed. */
    private String sameAsUndisturbed(Ledger ledger) {
        double largest = 0;
        for (ImageFeature feature : ledger.ids().values()) {
            float[] expected = undisturbed.get(feature.imageId().replaceAll("#.*", ""));
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i] - feature.feature()[i]));
            }
        }
        assertTrue(largest < 1e-5, "a vector deviates by " + largest);
        return "features equal an undisturbed encoder's to %.0e".formatted(largest);
    }
}
