package dev.promptgate.encoder;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import io.micrometer.core.instrument.Counter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The encoder on a real broker with the bundled model. */
@BrokerTest
@Tag("broker-semantics")
@BundledModelTest
class EncoderIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker;
    private final ClipModel model;

    EncoderIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @Test
    void everyImageBecomesAFeature() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        List<SampleStream.Entry> entries = SampleStream.entries().subList(0, 200);
        try (ServiceHost host = run.start(Map.of()); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (SampleStream.Entry entry : entries) {
                producer.send(new LabelledImage(entry.file(), entry.label(), Split.PROBE, SampleStream.bytes(entry), 1234)
                        .encode(run.topics.labelledImages()));
            }
            await().atMost(LIMIT).until(() -> run.features().size() == entries.size());
            assertEquals(200, host.registry().get(EncoderMeters.IMAGES.name()).counter().count());
            assertTrue(host.registry().scrape().contains("promptgate_encoder_batch_size_count"));
        }
        ImageFeature feature = ImageFeature.decode(run.features().get(0));
        SampleStream.Entry entry = entries.stream().filter(e -> e.file().equals(feature.imageId())).findFirst().orElseThrow();
        assertEquals(entry.label(), feature.label());
        assertEquals(Split.PROBE, feature.split());
        assertEquals(model.fingerprint(), feature.modelFingerprint());
        assertTrue(
                System.currentTimeMillis() - feature.timestamp() < LIMIT.toMillis() && feature.timestamp() <= System.currentTimeMillis());
        float[] direct = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
        assertArrayEquals(direct, feature.feature(), 1e-5f);
        assertEquals(ImageIds.sha256(SampleStream.bytes(entry)), feature.file().sha256());
        assertEquals(model.imageFingerprint(), feature.file().fingerprint());
    }

    @Test
    void foldedLabelsAreOneClassAndWhatFoldingBreaksIsRejected() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        byte[] good = SampleStream.bytes(SampleStream.entries().get(0));
        List<String> spellings = List.of("Elephant", "elephant", "elephant ", "\"elephant\"", "_ELEPHANT");
        try (ServiceHost host = run.start(Map.of("labels.fold", "true")); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (String label : spellings) {
                producer.send(record(run.topics.labelledImages(), "id of " + label, label, null, good));
            }
            producer.send(record(run.topics.labelledImages(), "cafe", "Cafe\u0301  au_lait", null, good));
            producer.send(record(run.topics.labelledImages(), "label-special-token", "<|ENDOFTEXT|>", null, good));
            producer.send(record(run.topics.labelledImages(), "blank-label", "__", null, good));
            await().atMost(LIMIT).until(() -> run.features().size() == spellings.size() + 1 && run.rejected().size() == 2);
            assertFalse(host.failure().failed());
        }
        for (ConsumerRecord<byte[], byte[]> record : run.features()) {
            assertEquals(record.key()[0] == 'c' ? "café au lait" : "elephant", ImageFeature.decode(record).label());
        }
        run.rejected().forEach(record -> assertEquals(new String(record.key(), StandardCharsets.UTF_8), header(record, "error-code")));
    }

    /** While no encoder ran, one of five images was committed, and retention took three further ones. */
    @Test
    void whatRetentionDeletedUnreadIsCounted() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        TopicPartition partition = new TopicPartition(run.topics.labelledImages(), 0);
        byte[] good = SampleStream.bytes(SampleStream.entries().get(0));
        try (KafkaProducer<byte[], byte[]> producer = run.producer(); Admin admin = Admin.create(run.clients.admin())) {
            for (int i = 0; i < 5; i++) {
                ProducerRecord<byte[], byte[]> image = record(partition.topic(), "image-" + i, "airplane", null, good);
                producer.send(new ProducerRecord<>(image.topic(), 0, image.key(), image.value(), image.headers()));
            }
            producer.flush();
            admin.alterConsumerGroupOffsets(run.topics.prefix() + "promptgate-encoder", Map.of(partition, new OffsetAndMetadata(1))).all()
                    .get();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4))).all().get();
        }
        try (ServiceHost host = run.start(Map.of())) {
            await().atMost(LIMIT).until(() -> run.features().size() == 1);
            assertEquals(3, host.registry().get(EncoderMeters.LOST.name()).counter().count());
        }
    }

    @Test
    void badRecordsAreRejectedAndTheStreamGoesOn() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        byte[] good = SampleStream.bytes(SampleStream.entries().get(0));
        Map<String, ProducerRecord<byte[], byte[]>> bad = badRecords(run.topics.labelledImages(), good);
        try (ServiceHost host = run.start(Map.of("encoder.max-pixels", "1000000"));
                KafkaProducer<byte[], byte[]> producer = run.producer()) {
            int n = 0;
            for (ProducerRecord<byte[], byte[]> record : bad.values()) {
                producer.send(record(run.topics.labelledImages(), "good-" + n++, "airplane", null, good));
                producer.send(record);
            }
            producer.send(record(run.topics.labelledImages(), "one-pixel", "dot", null, image("png", 1, 1)));
            producer.send(record(run.topics.labelledImages(), "gif", "dot", null, image("gif", 20, 20)));
            int goods = n + 2;
            await().atMost(LIMIT).until(() -> run.features().size() == goods && run.rejected().size() == bad.size());
            assertFalse(host.failure().failed());
        }
        for (ConsumerRecord<byte[], byte[]> rejected : run.rejected()) {
            String id = new String(rejected.key(), StandardCharsets.UTF_8);
            String expectedCode = id.substring(0, id.indexOf('/'));
            assertEquals(expectedCode, header(rejected, "error-code"), id);
            assertFalse(header(rejected, "error-message").isBlank() || header(rejected, "error-message").contains("\n"), id);
            assertEquals(run.topics.labelledImages(), header(rejected, "source-topic"));
            assertArrayEquals(bad.get(id).value(), rejected.value(), id);
        }
    }

    @Test
    void aNullValueErasesTheImageInItsTurn() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        String topic = run.topics.labelledImages();
        byte[] good = SampleStream.bytes(SampleStream.entries().get(0));
        try (ServiceHost host = run.start(Map.of()); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            producer.send(record(topic, "a", "cat", null, good));
            producer.send(ImageErasure.of("a", topic)).get();
            long erasedAt = producer.send(ImageErasure.of("a", topic)).get().offset();
            producer.send(record(topic, "a", "dog", null, good));
            producer.send(new ProducerRecord<>(topic, 0, null, null)); // of no image
            await().atMost(LIMIT).until(() -> run.features().size() == 4 && run.rejected().size() == 1);
            assertEquals(2, host.registry().get(EncoderMeters.ERASED.name()).counter().count());
            assertEquals(2, host.registry().get(EncoderMeters.IMAGES.name()).counter().count());
            List<ConsumerRecord<byte[], byte[]>> features = run.features();
            assertEquals("cat", ImageFeature.decode(features.get(0)).label());
            assertNull(features.get(1).value());
            assertNull(features.get(2).value());
            assertEquals(erasedAt, ImageErasure.sourceOf(features.get(2)).orElseThrow().offset());
            assertEquals("dog", ImageFeature.decode(features.get(3)).label());
            assertTrue(features.stream().allMatch(feature -> new String(feature.key(), StandardCharsets.UTF_8).equals("a")));
        }
        assertEquals("empty-value", header(run.rejected().get(0), "error-code"));
    }

    @Test
    void anImageThatFillsTheHeapIsRejectedAndTheNextOneIsEncoded() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        byte[] good = SampleStream.bytes(SampleStream.entries().get(0));
        try (ServiceHost host = run.start(Map.of("encoder.max-pixels", "500000000", "images.decode-memory", "8000000000"));
                KafkaProducer<byte[], byte[]> producer = run.producer()) {
            producer.send(record(run.topics.labelledImages(), "huge", "cat", null, header(22_000))); // 1.4 GB of pixels, none of them there
            producer.send(record(run.topics.labelledImages(), "good", "cat", null, good));
            await().atMost(LIMIT).until(() -> run.features().size() == 1 && run.rejected().size() == 1);
            assertFalse(host.failure().failed());
            assertEquals(0, host.decodeMemory().taken());
        }
        assertEquals("out-of-memory", header(run.rejected().get(0), "error-code"));
        assertTrue(header(run.rejected().get(0), "error-message").contains("raise -Xmx"), header(run.rejected().get(0), "error-message"));
    }

    @Test
    void aRestartInMidStreamLosesAndRepeatsNothing() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        List<SampleStream.Entry> entries = SampleStream.entries().subList(0, 1500);
        try (KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (SampleStream.Entry entry : entries) {
                producer.send(new LabelledImage(entry.file(), entry.label(), null, SampleStream.bytes(entry), 1)
                        .encode(run.topics.labelledImages()));
            }
        }
        try (ServiceHost first = run.start(Map.of("encoder.max-in-flight", "8"))) {
            await().atMost(LIMIT).until(() -> run.features().size() >= 20);
        }
        int before = run.features().size();
        try (ServiceHost second = run.start(Map.of())) {
            await().atMost(LIMIT).until(() -> run.features().size() >= entries.size());
        }
        assertTrue(before < entries.size(), "the first encoder was stopped in mid-stream");
        assertEachOnce(run, entries.size());
    }

    @Test
    void aFencedEncoderFailsAndItsSuccessorFinishes() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        List<SampleStream.Entry> entries = SampleStream.entries().subList(0, 60);
        try (ServiceHost first = run.start(Map.of("encoder.transactional-id", run.topics.prefix() + "same"))) {
            try (ServiceHost second = run.start(Map.of("encoder.transactional-id", run.topics.prefix() + "same"));
                    KafkaProducer<byte[], byte[]> producer = run.producer()) {
                for (SampleStream.Entry entry : entries) {
                    producer.send(new LabelledImage(entry.file(), entry.label(), null, SampleStream.bytes(entry), 1)
                            .encode(run.topics.labelledImages()));
                }
                producer.flush();
                await().atMost(LIMIT).until(() -> first.failure().failed());
                first.stop().await();
                await().atMost(LIMIT).until(() -> run.features().size() >= entries.size());
                assertFalse(second.failure().failed());
            }
        }
        assertEachOnce(run, entries.size());
    }

    @Test
    void pausesWhenTooMuchIsInFlight() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        try (KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (SampleStream.Entry entry : SampleStream.entries().subList(0, 300)) {
                producer.send(new LabelledImage(entry.file(), entry.label(), null, SampleStream.bytes(entry), 1)
                        .encode(run.topics.labelledImages()));
            }
        }
        try (ServiceHost host = run.start(Map.of("encoder.max-in-flight", "10"))) {
            await().atMost(LIMIT).until(() -> run.features().size() == 300);
            assertTrue(host.registry().get(EncoderMeters.OVERLOAD.name()).counter().count() > 0);
        }
    }

    @Test
    void rebalancesInMidStreamLoseAndRepeatNothing() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        List<SampleStream.Entry> entries = SampleStream.entries();
        int pushed = 0;
        try (ServiceHost first = run.start(Map.of("encoder.max-in-flight", "64"));
                KafkaProducer<byte[], byte[]> producer = run.producer()) {
            Counter rebalances = first.registry().get(EncoderMeters.REBALANCES.name()).counter();
            for (int i = 0; i < 3; i++) { // a second encoder comes and goes: partitions move there and back with work in flight
                // Else the second has a partition at once, and none moves.
                await().atMost(LIMIT).ignoreExceptionsInstanceOf(ExecutionException.class).until(run::isOneMembers);
                double before = rebalances.count();
                try (ServiceHost second = run
                        .start(Map.of("encoder.max-in-flight", "64", "encoder.transactional-id", run.topics.prefix() + i))) {
                    for (long end = System.nanoTime() + LIMIT.toNanos(); rebalances.count() == before
                            && System.nanoTime() < end; pushed++) {
                        SampleStream.Entry entry = entries.get(pushed % entries.size());
                        producer.send(new LabelledImage("image-" + pushed, entry.label(), null, SampleStream.bytes(entry), 1)
                                .encode(run.topics.labelledImages()));
                        Thread.sleep(2);
                    }
                }
                assertTrue(rebalances.count() > before, "no partition moved");
            }
            int all = pushed;
            producer.flush();
            await().atMost(LIMIT).until(() -> run.features().size() >= all);
            assertFalse(first.failure().failed());
        }
        assertEachOnce(run, pushed);
        assertEachSourceOnce(run, pushed);
    }

    @Test
    void aStopFinishesTheBatchInHandOnly() throws Exception {
        EncoderRun run = new EncoderRun(broker, model);
        List<SampleStream.Entry> entries = SampleStream.entries();
        try (KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (SampleStream.Entry entry : entries) {
                producer.send(new LabelledImage(entry.file(), entry.label(), null, SampleStream.bytes(entry), 1)
                        .encode(run.topics.labelledImages()));
            }
        }
        ServiceHost host = run.start(Map.of("encoder.max-in-flight", "100000", "encoder.decode-threads", "1"));
        await().atMost(LIMIT).until(() -> run.features().size() > 100);
        host.close();
        int done = run.features().size();
        assertEquals(done, (int) host.registry().get(EncoderMeters.IMAGES.name()).counter().count());
        assertTrue(done < entries.size(), "the stop waited for all that was read");
        try (ServiceHost next = run.start(Map.of())) {
            await().atMost(LIMIT).until(() -> run.features().size() >= entries.size());
        }
        assertEachOnce(run, entries.size());
    }

    private static void assertEachSourceOnce(EncoderRun run, int records) throws Exception {
        Set<SourcePosition> sources = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : run.features()) {
            sources.add(ImageFeature.decode(record).source());
        }
        assertEquals(records, sources.size());
    }

    private static void assertEachOnce(EncoderRun run, int images) {
        List<ConsumerRecord<byte[], byte[]>> features = run.features();
        Set<String> ids = new HashSet<>();
        features.forEach(record -> ids.add(new String(record.key(), StandardCharsets.UTF_8)));
        assertEquals(images, ids.size());
        assertEquals(images, features.size());
    }

    /** By key, which begins with the code that is expected. */
    private static Map<String, ProducerRecord<byte[], byte[]>> badRecords(String topic, byte[] good) throws IOException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(topic, "not-an-image/text", "cat", null, "no image".getBytes(StandardCharsets.UTF_8)));
        records.add(record(topic, "unsupported-format/tiff", "cat", null, new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0}));
        records.add(record(topic, "truncated/jpeg", "cat", null, Arrays.copyOf(good, good.length / 2)));
        records.add(record(topic, "too-many-pixels/header", "cat", null, header(30_000)));
        records.add(record(topic, "empty-value/empty", "cat", null, new byte[0]));
        records.add(record(topic, "id-too-long/" + "x".repeat(600), "cat", null, good));
        records.add(record(topic, "id-too-long/null" + "x".repeat(600), "cat", null, null));
        records.add(record(topic, "missing-label/none", null, null, good));
        records.add(record(topic, "blank-label/spaces", "   ", null, good));
        records.add(record(topic, "label-too-long/bytes", "x".repeat(10_000), null, good));
        records.add(record(topic, "label-too-long/tokens", "1 ".repeat(100).strip(), null, good));
        records.add(record(topic, "label-control-character/bell", "cat\u0007", null, good));
        records.add(record(topic, "label-special-token/end", "cat <|endoftext|>", null, good));
        records.add(record(topic, "unknown-split/test", "cat", "test", good));
        Map<String, ProducerRecord<byte[], byte[]>> byKey = new LinkedHashMap<>();
        records.forEach(record -> byKey.put(new String(record.key(), StandardCharsets.UTF_8), record));
        return byKey;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, String label, String split, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
        if (label != null) {
            record.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
        }
        if (split != null) {
            record.headers().add("split", split.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private static byte[] header(int side) throws IOException {
        byte[] png = image("png", 4, 4);
        ByteBuffer.wrap(png).putInt(16, side).putInt(20, side);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        return png;
    }

    private static byte[] image(String format, int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
