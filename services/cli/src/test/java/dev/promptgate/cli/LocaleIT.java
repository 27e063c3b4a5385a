package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in locales that read file names, letters and digits in another way. Each needs a process of its own. */
@BrokerTest
class LocaleIT {
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin/java").toString();

    private final TestBroker broker;

    LocaleIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void foldersKeepTheirNamesWithoutALocaleOrTheCommandSaysWhatToSet(@TempDir Path directory) throws Exception {
        Path photos = directory.resolve("photos");
        for (String label : List.of("大象", "猫咪", "café")) {
            Files.write(Files.createDirectories(photos.resolve(label)).resolve("1.jpg"), SampleStream.bytes(SampleStream.entries().get(0)));
        }
        Path installed = Files.createSymbolicLink(directory.resolve("目录"), Path.of("target/promptgate").toAbsolutePath());
        String prefix = broker.uniquePrefix();
        Output topics = Output.of("topics", "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix);
        assertEquals(0, topics.exitCode(), topics.err());
        List<String> produce = List.of("produce", photos.toString(), "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix",
                prefix);
        Output withoutLauncher = posix(directory, JAVA, List.of("-cp", "target/promptgate/lib/*", "dev.promptgate.cli.Promptgate"),
                produce);
        assertEquals(1, withoutLauncher.exitCode());
        assertTrue(withoutLauncher.err().contains("Names of files cannot be read in this locale; set LC_ALL=C.UTF-8"),
                withoutLauncher.err());
        assertEquals(Set.of(), ids(prefix));
        Output launched = posix(directory, installed.resolve("bin/promptgate").toString(), List.of(), produce);
        assertEquals(0, launched.exitCode(), launched.err());
        assertEquals(Set.of("大象/1.jpg", "猫咪/1.jpg", "café/1.jpg"), ids(prefix));
    }

    /** Kafka's broker makes capitals of names and ports of numbers in the locale of its process. */
    @Test
    void theDemoStartsWithATurkishIAndArabicDigits(@TempDir Path directory) throws Exception {
        Map<String, String> turkishArabic = Map.of("PROMPTGATE_JAVA_OPTS",
                "-Duser.language=tr -Duser.country=TR -Duser.extensions=u-nu-arab");
        try (RunningService demo = RunningService.start(directory, turkishArabic, "demo")) {
            Awaitility.await().atMost(Duration.ofSeconds(60))
                    .until(() -> !demo.process().isAlive() || Files.readString(demo.out()).contains("Watch it at"));
            assertTrue(Files.readString(demo.out()).matches("(?s)Kafka at 127\\.0\\.0\\.1:[0-9]+,.*"), demo.log());
        }
    }

    private static Output posix(Path directory, String program, List<String> options, List<String> arguments) throws Exception {
        Path out = Files.createTempFile(directory, "run", ".out");
        Path err = Files.createTempFile(directory, "run", ".err");
        ProcessBuilder builder = new ProcessBuilder(program).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.command().addAll(options);
        builder.command().addAll(arguments);
        builder.environment().putAll(Map.of("LC_ALL", "POSIX", "JAVA_HOME", System.getProperty("java.home")));
        int exitCode = builder.start().waitFor();
        return new Output(exitCode, Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    private Set<String> ids(String prefix) throws Exception {
        Set<String> ids = new TreeSet<>();
        try (TopicLog log = new TopicLog(new KafkaClients(broker.bootstrapServers(), Map.of(), 1 << 21))) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(prefix + "labelled-images")) {
                LabelledImage image = LabelledImage.decode(record);
                assertEquals(image.imageId(), image.label() + "/1.jpg");
                ids.add(image.imageId());
            }
        }
        return ids;
    }
}
