package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to the whole: a broker that goes away, producers that are too fast, an evaluator that stands still, orders to stop. */
class SystemChaosIT {
    private static final Map<String, String> ENCODER = Map.of("encoder.batch-size", "16", "encoder.decode-threads", "1");
    private static final Map<String, String> LEARNER = Map.of("learner.steps", "60", "learner.batch", "64", "learner.learning-rate", "0.02",
            "learner.settle-time", "1h");
    private static final Map<String, String> EVALUATOR = Map.of("evaluator.idle-time", "300ms");

    @TempDir
    private Path directory;

    @Test
    void aBrokerThatIsAwayForAWhileCostsNothing() throws Exception {
        Path kafkaDirectory = Files.createDirectory(directory.resolve("kafka"));
        EmbeddedKafka kafka = EmbeddedKafka.start(kafkaDirectory, 0);
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        try {
            Stream stream = Stream.create(kafka.bootstrapServers(), "outage.", 1);
            try (ServiceRun encoder = ServiceRun.start("encoder", stream, directory, ENCODER).started();
                    ServiceRun learner = ServiceRun.start("learner", stream, directory, LEARNER).started();
                    ServiceRun evaluator = ServiceRun.start("evaluator", stream, directory, EVALUATOR).started()) {
                List<List<Images.Planned>> waves = Images.waves();
                for (int wave = 0; wave < waves.size(); wave++) {
                    stream.push(
                            waves.get(wave).stream().map(planned -> planned.image("").encode(stream.topics().labelledImages())).toList());
                    if (wave == 1) { // in the middle of it
                        kafka.close();
                        Thread.sleep(Scale.BROKER_OUTAGE.toMillis());
                        kafka = EmbeddedKafka.start(kafkaDirectory, port);
                    }
                    int expected = waves.subList(0, wave + 1).stream().mapToInt(List::size).sum();
                    Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofSeconds(1)).ignoreExceptions()
                            .until(() -> isDigested(stream, expected, learner, evaluator));
                }
                for (ServiceRun service : List.of(encoder, learner, evaluator)) {
                    assertTrue(service.isAlive(), service.log());
                    assertEquals(0, service.terminate(Duration.ofSeconds(40)), service.log());
                }
            }
            Ledger ledger = Ledger.of(stream);
            // Which candidates pass may differ from a run without the outage: it changes which images had come when a candidate did.
            List<Long> rolledOut = stream.verdicts().stream().filter(VerdictReport::isRolledOut)
                    .map(verdict -> verdict.ruling().candidateVersion()).toList();
            List<Long> live = stream.liveVersions();
            LedgerReport.add("broker stopped and started again, all services at work",
                    "away for %d s".formatted(Scale.BROKER_OUTAGE.toSeconds()), ledger.toString(),
                    "%d candidates, the last one judged; live versions %s, as the reports say".formatted(stream.candidates().size(), live));
            assertTrue(ledger.isBalanced(), ledger.toString());
            stream.assertCleanHistory();
            assertAsUndisturbed(ledger);
            assertTrue(live.containsAll(rolledOut), "rolled out by the reports: " + rolledOut + ", live: " + live);
        } finally {
            kafka.close();
        }
    }

    /** Every feature is there with its label, split and values, as without an outage. */
    private static void assertAsUndisturbed(Ledger ledger) throws Exception {
        assertEquals(Images.all().size(), ledger.ids().size());
        for (ImageFeature expected : Images.features()) {
            ImageFeature found = ledger.ids().get(expected.imageId());
            assertEquals(expected.label(), found.label());
            assertEquals(expected.split(), found.split());
            assertArrayEquals(expected.feature(), found.feature(), 1e-5f, expected.imageId()); // batches of another size round otherwise
        }
    }

    private static boolean isDigested(Stream stream, int images, ServiceRun learner, ServiceRun evaluator)
            throws IOException, InterruptedException {
        Ledger ledger = Ledger.of(stream);
        if (ledger.pushed() < images || ledger.missing() > 0 || learner.meter("promptgate_learner_lag") != 0
                || evaluator.meter("promptgate_evaluator_lag") != 0) {
            return false;
        }
        return stream.isLastCandidateJudged();
    }

    @Test
    void anEvaluatorThatStandsStillNeverDelaysTheEncoder() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Stream stream = Stream.create(kafka.bootstrapServers(), "slow.", 3);
            try (ServiceRun evaluator = ServiceRun.start("evaluator", stream, directory, EVALUATOR).started();
                    ServiceRun encoder = ServiceRun.start("encoder", stream, directory, ENCODER).started()) {
                evaluator.signal("STOP");
                stream.push(Images.all().stream().map(planned -> planned.image("").encode(stream.topics().labelledImages())).toList());
                long began = System.nanoTime();
                Awaitility.await().atMost(Scale.LIMIT).until(() -> encoder.meter("promptgate_encoder_images_total") >= Images.all().size());
                double seconds = (System.nanoTime() - began) / 1e9;
                evaluator.signal("CONT");
                Awaitility.await().atMost(Scale.LIMIT).until(
                        () -> evaluator.meter("promptgate_evaluator_held_out") > 0 && evaluator.meter("promptgate_evaluator_lag") == 0);
                Ledger ledger = Ledger.of(stream);
                LedgerReport.add("evaluator stands still (SIGSTOP) while the encoder works", "%.0f s".formatted(seconds), ledger.toString(),
                        "the encoder finished all; woken, the evaluator caught up");
                assertTrue(ledger.isBalanced(), ledger.toString());
            }
        }
    }

    @Test
    void aProducerTenTimesFasterThanTheEncoderFillsNoMemory() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Stream stream = Stream.create(kafka.bootstrapServers(), "fast.", 2);
            int images = Scale.FULL ? 2_000 : 400;
            try (ServiceRun encoder = ServiceRun.start("encoder", stream, directory,
                    Map.of("encoder.batch-size", "16", "encoder.decode-threads", "1", "encoder.max-in-flight", "400",
                            "encoder.max-in-flight-bytes", Integer.toString(16 << 20)),
                    "-Xmx256m").started()) {
                List<ProducerRecord<byte[], byte[]>> records = photographs(stream, images);
                long began = System.nanoTime();
                stream.push(records);
                double pushed = images / ((System.nanoTime() - began) / 1e9);
                double mostBytes = 0;
                double mostHeap = 0;
                while (encoder.meter("promptgate_encoder_images_total") < images) {
                    mostBytes = Math.max(mostBytes, encoder.meter("promptgate_encoder_in_flight_bytes"));
                    mostHeap = Math.max(mostHeap, encoder.meter("jvm_memory_used_bytes{area=\"heap\",id=\"G1 Old Gen\"}"));
                    assertTrue(encoder.isAlive() && System.nanoTime() - began < Scale.LIMIT.toNanos(), encoder.log());
                    Thread.sleep(100);
                }
                double encoded = images / ((System.nanoTime() - began) / 1e9);
                double overload = encoder.meter("promptgate_encoder_overload_total");
                Ledger ledger = Ledger.of(stream);
                LedgerReport.add("producer faster than the encoder, heap of 256 MB",
                        "%d photographs of 6 megapixels; pushed %.0f/s, encoded %.1f/s: %.0f times".formatted(images, pushed, encoded,
                                pushed / encoded),
                        ledger.toString(),
                        "in flight at most %.0f MB of %.0f MB, old generation at most %.0f MB, paused %.0f times".formatted(mostBytes / 1e6,
                                records.stream().mapToLong(record -> record.value().length).sum() / 1e6, mostHeap / 1e6, overload));
                assertTrue(ledger.isBalanced(), ledger.toString());
                assertTrue(pushed >= 5 * encoded, "pushed %.0f/s, encoded %.0f/s".formatted(pushed, encoded));
                assertTrue(overload > 0, "partitions were never paused");
                // The bound, and what one poll brings beyond it: 500 records at most, and no more than a fetch of 50 MB.
                assertTrue(mostBytes <= (16 << 20) + 55e6, "in flight: " + mostBytes);
            }
        }
    }

    /** Images of the sample stream, enlarged to what a camera makes: decoding one takes far longer than sending it. */
    private static List<ProducerRecord<byte[], byte[]>> photographs(Stream stream, int count) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            BufferedImage enlarged = new BufferedImage(3_000, 2_000, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = enlarged.createGraphics();
            graphics.drawImage(ImageIO.read(new ByteArrayInputStream(Images.file(i * 100))), 0, 0, enlarged.getWidth(),
                    enlarged.getHeight(), null);
            graphics.dispose();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ImageIO.write(enlarged, "jpg", file);
            files.add(file.toByteArray());
        }
        return IntStream.range(0, count)
                .mapToObj(i -> new LabelledImage("photograph-" + i, "photograph", null, files.get(i % files.size()), 0)
                        .encode(stream.topics().labelledImages()))
                .toList();
    }

    @Test
    void toldToStopEveryServiceFinishesWhatIsInHandAndExitsWithZero() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Stream stream = Stream.create(kafka.bootstrapServers(), "stop.", 2);
            stream.push(Images.features().stream().map(feature -> feature.encode(stream.topics().imageFeatures())).toList());
            long before = stream.size(stream.topics().imageFeatures());
            stream.push(Images.all().stream().map(planned -> planned.image("-more").encode(stream.topics().labelledImages())).toList());
            Map<String, String> deadline = Map.of("service.shutdown-timeout", "15s");
            List<String> figures = new ArrayList<>();
            for (Map.Entry<String, Map<String, String>> service : Map
                    .of("encoder", ENCODER, "learner", Map.of("learner.steps", "100000"), "evaluator", EVALUATOR).entrySet()) {
                Map<String, String> settings = new HashMap<>(service.getValue());
                settings.putAll(deadline);
                try (ServiceRun run = ServiceRun.start(service.getKey(), stream, directory, settings).started()) {
                    if (service.getKey().equals("encoder")) {
                        Awaitility.await().atMost(Scale.LIMIT).until(() -> stream.size(stream.topics().imageFeatures()) > before);
                    } else if (service.getKey().equals("learner")) { // an update that would take hours
                        Awaitility.await().atMost(Scale.LIMIT).until(() -> run.meter("promptgate_learner_step_time_seconds_count") > 0);
                    }
                    long began = System.nanoTime();
                    assertEquals(0, run.terminate(Duration.ofSeconds(20)), run.log());
                    figures.add("%s %.1f s".formatted(service.getKey(), (System.nanoTime() - began) / 1e9));
                    assertTrue(run.log().contains("Stopped in order"), run.log());
                }
            }
            LedgerReport.add("told to stop (SIGTERM) in mid-work", "once each, 15 s allowed", "exit code 0",
                    "stopped after: " + String.join(", ", figures.stream().sorted().toList()));
        }
    }
}
