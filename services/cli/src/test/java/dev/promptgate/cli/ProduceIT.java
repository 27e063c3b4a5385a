package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.demo.DemoPlan;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands topics and produce against a real broker. */
@BrokerTest
class ProduceIT {
    private final TestBroker broker;

    ProduceIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void pushesAFolderPerClass(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        byte[] image = SampleStream.bytes(SampleStream.entries().get(0));
        Files.write(Files.createDirectories(directory.resolve("red apple")).resolve("1.jpg"), image);
        Files.write(Files.createDirectories(directory.resolve("bus")).resolve("2.jpg"), image);
        Output output = run("produce", prefix, directory.toString(), "--split", "probe");
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().contains("pushed 2, skipped 0"), output.out());
        LabelledImage apple = read(prefix).stream().filter(i -> i.label().equals("red apple")).findFirst().orElseThrow();
        assertEquals("red apple/1.jpg", apple.imageId());
        assertEquals(Split.PROBE, apple.split());
    }

    @Test
    void aManifestNamesLabelAndSplitAndMissingFilesAreNamed(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        Files.write(directory.resolve("1.jpg"), SampleStream.bytes(SampleStream.entries().get(0)));
        Path manifest = Files.writeString(directory.resolve("m.tsv"),
                "file\tlabel\tsplit\n1.jpg\tplane\theld-out\nmissing.jpg\tplane\ttrain\n");
        Output output = run("produce", prefix, manifest.toString());
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("missing.jpg"), output.err());
        assertEquals(List.of(Split.HELD_OUT), read(prefix).stream().map(LabelledImage::split).toList());
    }

    /** train/, test/ and val/, with what systems and notebooks leave in folders, and a name that is not UTF-8. */
    @Test
    void aDividedFolderKeepsItsSplitsAndWhatIsNoImageIsToldOnce(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        byte[] image = SampleStream.bytes(SampleStream.entries().get(0));
        for (String file : List.of("train/dog/1.jpg", "test/dog/2.jpg", "val/dog/3.jpg", "train/.ipynb_checkpoints/1.jpg",
                "train/dog/Thumbs.db")) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.write(directory.resolve(file), image);
        }
        Path latin1 = Path.of(URI.create(directory.resolve("train/dog").toUri() + "caf%E9.jpg"));
        Files.write(latin1, image);
        Output output = run("produce", prefix, directory.toString(), "--id-prefix", "monday/");
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(output.err().contains("skipped, its name is not UTF-8 [file: train/dog/caf%E9.jpg]"), output.err());
        assertTrue(output.err().contains("hidden: 1: train/.ipynb_checkpoints, no images by their names: 1: train/dog/Thumbs.db"),
                output.err());
        assertEquals(Map.of("monday/train/dog/1.jpg", Split.TRAIN, "monday/test/dog/2.jpg", Split.HELD_OUT),
                read(prefix).stream().collect(Collectors.toMap(LabelledImage::imageId, LabelledImage::split)));
    }

    @Test
    void aCocoFileIsPushedWithItsSplitAndALabelThatBreaksARuleIsNamed(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        writeImages(directory.resolve("val2017"), "1.jpg", "2.jpg");
        Path file = Files.writeString(Files.createDirectories(directory.resolve("annotations")).resolve("instances_val2017.json"), """
                {"images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}, {"id": 3, "file_name": "3.jpg"},
                            {"id": 4, "file_name": "4.jpg"}],
                 "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0},
                                 {"image_id": 2, "category_id": 2, "bbox": [1, 2, 3, 4], "iscrowd": 0},
                                 {"image_id": 3, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0}],
                 "categories": [{"id": 1, "name": "bus"}, {"id": 2, "name": "a<|endoftext|>"}]}
                """);
        Output output = run("produce", prefix, "--format", "coco", file.toString());
        assertEquals(1, output.exitCode());
        assertTrue(output.out().contains("pushed 1, skipped 2"), output.out());
        assertTrue(output.err().contains("no label: 1: 4.jpg]"), output.err());
        assertTrue(output.err().contains("skipped, its label breaks a rule (The label holds the text of a special token"), output.err());
        assertTrue(output.err().contains("skipped, no such file [file: " + directory.resolve("val2017/3.jpg")), output.err());
        assertEquals(List.of("1.jpg bus HELD_OUT"),
                read(prefix).stream().map(i -> i.imageId() + " " + i.label() + " " + i.split()).toList());
    }

    @Test
    void anArchiveOfCvatIsPushed(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        byte[] image = SampleStream.bytes(SampleStream.entries().get(0));
        Path zip = directory.resolve("task.zip");
        try (ZipOutputStream archive = new ZipOutputStream(Files.newOutputStream(zip))) {
            archive.putNextEntry(new ZipEntry("annotations.xml"));
            archive.write("""
                    <?xml version="1.0" encoding="utf-8"?>
                    <annotations><version>1.1</version>
                      <image id="0" name="a/1.jpg" width="48" height="48"><tag label="red apple" source="manual"></tag></image>
                    </annotations>
                    """.getBytes(StandardCharsets.UTF_8));
            archive.putNextEntry(new ZipEntry("images/a/1.jpg"));
            archive.write(image);
        }
        Output output = run("produce", prefix, "--format", "cvat", zip.toString(), "--id-prefix", "shop/", "--split", "train");
        assertEquals(0, output.exitCode(), output.err());
        LabelledImage pushed = read(prefix).get(0);
        assertEquals("shop/a/1.jpg red apple TRAIN", pushed.imageId() + " " + pushed.label() + " " + pushed.split());
        assertArrayEquals(image, pushed.bytes());
    }

    @Test
    void anExportOfLabelStudioIsPushedUnderTheIdsOfItsTasks(@TempDir Path directory) throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        writeImages(directory.resolve("media/upload/3"), "0a1b2c3d-my photo.jpg");
        Path file = Files.writeString(directory.resolve("project-3.json"), """
                [{"id": 11, "project": 3, "data": {"image": "/data/upload/3/0a1b2c3d-my%20photo.jpg"}, "annotations":
                   [{"was_cancelled": false, "result": [{"type": "choices", "value": {"choices": ["bus"]}}]}]},
                 {"id": 12, "project": 3, "data": {"image": "https://example.org/2.jpg"}, "annotations":
                   [{"was_cancelled": false, "result": [{"type": "choices", "value": {"choices": ["bus"]}}]}]}]
                """);
        Output output = run("produce", prefix, "--format", "label-studio", file.toString(), "--image-root",
                directory.resolve("media/upload/3").toString());
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("skipped, its image is at a URL"), output.err());
        assertEquals(List.of("label-studio/3/11 bus"), read(prefix).stream().map(i -> i.imageId() + " " + i.label()).toList());
    }

    @Test
    void anUnknownFormatAndTheSampleWithAFormatAreRefused() {
        Output unknown = Output.of("produce", "photos", "--format", "voc");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("--format must be one of coco, cvat, label-studio [format: voc]"), unknown.err());
        Output sample = Output.of("produce", "--sample", "--format", "coco");
        assertEquals(1, sample.exitCode());
        assertTrue(sample.err().contains("--sample has its own images; leave out --by-reference, --format and --image-root"), sample.err());
    }

    @Test
    void aMissingTopicIsSaidAtOnce(@TempDir Path directory) throws Exception {
        Files.write(Files.createDirectories(directory.resolve("bus")).resolve("1.jpg"), new byte[] {1});
        String prefix = broker.uniquePrefix();
        Output output = run("produce", prefix, directory.toString());
        assertEquals(1, output.exitCode());
        assertTrue(output.err().startsWith("promptgate: The topic does not exist; create it with: promptgate topics [topic: " + prefix
                + "labelled-images, "), output.err());
    }

    @Test
    void pushesTheSampleStreamAsTheDemoPlaysIt() throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix, "--set", "topics.partitions=1").exitCode());
        Output output = run("produce", prefix, "--sample");
        assertEquals(0, output.exitCode(), output.err());
        List<String> planned = DemoPlan.sample(1).images()
                .map(i -> i.image().id() + " " + i.image().label() + " " + i.split()).toList();
        assertEquals(planned, read(prefix).stream().map(i -> i.imageId() + " " + i.label() + " " + i.split()).toList());
        assertTrue(output.out().contains("pushed " + planned.size() + ", skipped 0"), output.out());
    }

    @Test
    void sampleAndAFolderExcludeEachOtherAndOneIsNeeded() {
        Output both = Output.of("produce", "photos", "--sample");
        assertEquals(2, both.exitCode());
        assertTrue(both.err().contains("--sample"), both.err());
        Output neither = Output.of("produce");
        assertEquals(2, neither.exitCode());
        assertTrue(neither.err().contains("DIR|MANIFEST") && neither.err().contains("--sample"), neither.err());
    }

    @Test
    void topicsRefusesAWrongCleanupPolicy() throws Exception {
        String prefix = broker.uniquePrefix();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(prefix + "prompt-rollouts", 1, (short) 1).configs(Map.of("cleanup.policy", "delete"))))
                    .all().get();
        }
        Output output = run("topics", prefix);
        assertEquals(1, output.exitCode());
        assertTrue(output.out().contains("cleanup.policy must be compact"), output.out());
    }

    @Test
    void aServiceWithoutItsTopicsSaysSoAndEnds() {
        Output output = run("learner", broker.uniquePrefix());
        assertEquals(1, output.exitCode());
        assertTrue(output.err().contains("promptgate topics"), output.err());
    }

    @Test
    void aModelThatCannotBeHadIsOneLine() {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        Output unknown = run("encoder", prefix, "--model", "not a model");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("There is no such model"), unknown.err());
        Output offline = run("encoder", prefix, "--model", "org/model", "--set", "model.hub=http://127.0.0.1:1");
        assertEquals(1, offline.exitCode());
        assertTrue(offline.err().contains("check the network"), offline.err());
        assertEquals(1, offline.err().lines().filter(line -> line.startsWith("promptgate: ")).count(), offline.err());
    }

    @Test
    void aServiceStopsInOrderWhenItIsSignalled() throws Exception {
        String prefix = broker.uniquePrefix();
        assertEquals(0, run("topics", prefix).exitCode());
        Path log = Files.createTempFile("evaluator", ".log");
        ProcessBuilder builder = new ProcessBuilder("target/promptgate/bin/promptgate", "evaluator", "--bootstrap-servers",
                broker.bootstrapServers(),
                "--topic-prefix", prefix, "--http-port", "0").redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive() || Files.readString(log).contains("Started"));
            process.destroy(); // SIGTERM
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), Files.readString(log));
            assertTrue(Files.readString(log).contains("Stopped in order"), Files.readString(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private Output run(String command, String prefix, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix));
        args.addAll(List.of(more));
        return Output.of(args.toArray(String[]::new));
    }

    private static void writeImages(Path folder, String... names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Files.write(folder.resolve(name), SampleStream.bytes(SampleStream.entries().get(0)));
        }
    }

    private List<LabelledImage> read(String prefix) throws Exception {
        List<LabelledImage> images = new ArrayList<>();
        try (TopicLog log = new TopicLog(new KafkaClients(broker.bootstrapServers(), Map.of(), 1 << 21))) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(prefix + "labelled-images")) {
                images.add(LabelledImage.decode(record));
            }
        }
        return images;
    }
}
