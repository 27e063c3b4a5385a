package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.embeddedkafka.ListenerSecurity;
import dev.promptgate.testing.TlsFiles;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as users start it, against a broker with SASL over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredBrokerIT {
    private static final String RIGHT = "open-sesame-7";
    private static final String WRONG = "wrong-horse-9";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\" "
            + "password=\"%s\";";
    private static final String SCRAM = PLAIN.replace("plain.Plain", "scram.Scram");
    /** A refused login must not wait for Kafka's timeout of a minute; these processes need two or three seconds on an idle machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(45);
    private static final String EVERYTHING = "-Dpromptgate.log.level=DEBUG -Dpromptgate.log.kafka-level=DEBUG -Dpromptgate.log.traces=%ex";

    private Path directory;
    private TlsFiles tls;
    private EmbeddedKafka kafka;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        tls = TlsFiles.make(directory, "broker");
        kafka = EmbeddedKafka.start(directory.resolve("data"), 0,
                ListenerSecurity.saslOverTls("alice", RIGHT, tls.keystore().toString(), TlsFiles.PASSWORD), Map.of());
        Files.write(Files.createDirectories(directory.resolve("photos/bus")).resolve("1.jpg"),
                SampleStream.bytes(SampleStream.entries().get(0)));
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    void credentialsComeFromTheEnvironment(String mechanism) throws Exception {
        String[] connection = {"--config", config(mechanism, tls).toString(), "--topic-prefix", mechanism + "."};
        Map<String, String> login = login((mechanism.equals("PLAIN") ? PLAIN : SCRAM).formatted(RIGHT));
        Output topics = run(login, connection, "topics");
        assertEquals(0, topics.exitCode(), topics.err());
        Output produce = run(login, connection, "produce", directory.resolve("photos").toString());
        assertEquals(0, produce.exitCode(), produce.err());
        assertTrue(produce.out().contains("pushed 1, skipped 0"), produce.out());
    }

    @Test
    void credentialsComeFromTheFile() throws Exception {
        Path config = config("PLAIN", tls);
        Files.writeString(config, Files.readString(config) + "    sasl.jaas.config: '" + PLAIN.formatted(RIGHT) + "'\n");
        String[] connection = {"--config", config.toString(), "--topic-prefix", "file."};
        assertEquals(0, run(Map.of(), connection, "topics").exitCode());
        Output settings = run(Map.of(), connection, "settings");
        assertTrue(settings.out().contains("kafka.property.sasl.jaas.config = ***"), settings.out());
        assertShowsNoSecret(settings);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, topics", "SCRAM-SHA-256, topics", "PLAIN, produce", "PLAIN, encoder", "PLAIN, learner", "SCRAM-SHA-256, evaluator"})
    void aWrongPasswordIsOneLineAtOnce(String mechanism, String command) throws Exception {
        Map<String, String> login = login((mechanism.equals("PLAIN") ? PLAIN : SCRAM).formatted(WRONG));
        String[] connection = {"--config", config(mechanism, tls).toString()};
        String[] arguments = command.equals("produce") ? new String[] {command, directory.resolve("photos").toString()}
                : new String[] {command};
        Output output = run(login, connection, arguments);
        assertEquals(1, output.exitCode(), output.err());
        assertEquals("promptgate: Kafka refuses the credentials; check kafka.property.sasl.jaas.config", onlyLine(output).split(" \\[")[0]);
        assertShowsNoSecret(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    void evenTheMostVerboseRunShowsNoPassword(String mechanism) throws Exception {
        Map<String, String> login = login((mechanism.equals("PLAIN") ? PLAIN : SCRAM).formatted(WRONG));
        login.put("PROMPTGATE_JAVA_OPTS", EVERYTHING);
        Output output = run(login, new String[] {"--config", config(mechanism, tls).toString(), "--verbose"}, "topics");
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(output.err().contains(" DEBUG ") && output.err().contains("\tat "), output.err());
        assertShowsNoSecret(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.PlainLoginModule required username=\"alice\" password=\"wrong-horse-9\"",
            "x.PlainLoginModule required username=\"alice\" password=\"a\"wrong-horse-9\";", "x.PlainLoginModule wrong-horse-9;",
            "x.PlainLoginModule required username=alice password=wrong-horse-9 wrong-horse-9;", "wrong-horse-9 required;", "wrong-horse-9"})
    void aMalformedLoginShowsNoPieceOfIt(String jaas) throws Exception {
        Map<String, String> login = login(jaas);
        login.put("PROMPTGATE_JAVA_OPTS", EVERYTHING);
        for (String[] command : new String[][] {{"topics"}, {"produce", directory.resolve("photos").toString()}}) {
            Output output = run(login, new String[] {"--config", config("PLAIN", tls).toString(), "--verbose"}, command);
            assertEquals(1, output.exitCode(), output.err());
            assertTrue(onlyLine(output).startsWith("promptgate: No Kafka client can be made of these settings; check kafka.property.*"),
                    output.err());
            assertShowsNoSecret(output);
        }
    }

    @Test
    void aTruststoreThatLacksTheCertificateSaysSo() throws Exception {
        Path config = config("PLAIN", TlsFiles.make(directory, "another"));
        Output output = run(login(PLAIN.formatted(RIGHT)), new String[] {"--config", config.toString()}, "topics");
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(onlyLine(output).startsWith("promptgate: The broker's certificate is not trusted"), output.err());
        assertTrue(onlyLine(output).contains("ssl.truststore.location"), output.err());
        assertShowsNoSecret(output);
    }

    @Test
    void aTruststoreThatIsNotThereSaysSo() throws Exception {
        Path config = config("PLAIN", new TlsFiles(tls.keystore(), directory.resolve("nowhere.pem")));
        Output output = run(login(PLAIN.formatted(RIGHT)), new String[] {"--config", config.toString()}, "topics");
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(onlyLine(output).contains("nowhere.pem"), output.err());
    }

    private Path config(String mechanism, TlsFiles files) throws Exception {
        return Files.writeString(Files.createTempFile(directory, "settings", ".yaml"), """
                kafka:
                  bootstrap-servers: %s
                  property:
                    security.protocol: SASL_SSL
                    sasl.mechanism: %s
                    ssl.truststore.type: PEM
                    ssl.truststore.location: %s
                """.formatted(kafka.bootstrapServers(), mechanism, files.certificate()));
    }

    private static Map<String, String> login(String jaas) {
        return new HashMap<>(Map.of("PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG", jaas));
    }

    private static String onlyLine(Output output) {
        List<String> lines = output.err().lines().filter(line -> line.startsWith("promptgate: ")).toList();
        assertEquals(1, lines.size(), output.err());
        return lines.get(0);
    }

    private static void assertShowsNoSecret(Output output) {
        for (String secret : new String[] {RIGHT, WRONG, TlsFiles.PASSWORD}) {
            assertFalse((output.out() + output.err()).contains(secret), output.err());
        }
    }

    private Output run(Map<String, String> environment, String[] connection, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("target/promptgate/bin/promptgate"));
        words.addAll(List.of(command));
        words.addAll(List.of(connection));
        File out = Files.createTempFile(directory, "run", ".out").toFile();
        File err = Files.createTempFile(directory, "run", ".err").toFile();
        ProcessBuilder builder = new ProcessBuilder(words).redirectOutput(out).redirectError(err);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.environment().merge("PROMPTGATE_JAVA_OPTS", "-XX:TieredStopAtLevel=1", (given, ours) -> given + " " + ours);
        Process process = builder.start();
        boolean ended = process.waitFor(AT_ONCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        assertTrue(ended, () -> "It did not end [command: " + String.join(" ", words) + "]");
        return new Output(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }
}
