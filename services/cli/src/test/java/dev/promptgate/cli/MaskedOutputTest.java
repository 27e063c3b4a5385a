package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.promptgate.cli.command.ErrorReporting;
import dev.promptgate.service.secrets.SecretMask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither output nor log shows a secret. */
class MaskedOutputTest {
    private static final String JAAS = "kafka.property.sasl.jaas.config=org.example.PlainLoginModule required username=\"u\" "
            + "password=\"hunter22\";";

    @Test
    void settingsInForceAreListedSecretsMasked() {
        Output output = Output.of("settings", "--set", JAAS, "--set", "kafka.property.sasl.mechanism=PLAIN");
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().contains("kafka.property.sasl.jaas.config = ***"), output.out());
        assertTrue(output.out().contains("kafka.property.sasl.mechanism = PLAIN"), output.out());
        assertFalse(output.out().contains("hunter22"), output.out());
    }

    @Test
    void aMisspeltPropertyIsMaskedAsWell() {
        Output output = Output.of("settings", "--set", JAAS.replace("jaas", "jass").replace("hunter22", "h22"));
        assertFalse(output.out().contains("h22"), output.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "topics --sett kafka.property.ssl.key.password=opensesame", "topics --set kafka.property.ssl.key.password:opensesame",
            "topics --set kafka.property.ssl.key.password opensesame", "topics kafka.property.ssl.key.password=opensesame",
            "topics --sett=kafka.property.ssl.key.password=opensesame",
            "topics --set images.max-bytes=opensesame --set kafka.property.ssl.key.password=opensesame",
            "topics --verbose --set kafka.property.security.protocol=opensesame --set kafka.property.ssl.key.password=opensesame"})
    void mistakesAreReportedWithoutTheSecret(String arguments) {
        Output output = Output.of(arguments.split(" "));
        assertTrue(output.exitCode() > 0);
        assertFalse((output.out() + output.err()).contains("opensesame"), output.err());
        assertFalse(output.err().isBlank());
    }

    @Test
    void threadsThatDieShowNoSecret() {
        SecretMask.ofProcess().learn("a.password", "shibboleth");
        String printed = captured(() -> ErrorReporting.onUncaught(Thread.currentThread(), new IllegalStateException("said shibboleth")));
        assertTrue(printed.contains("said ***") && printed.contains("IllegalStateException"), printed);
    }

    /** With the product's own logback.xml; the tests' log is configured otherwise. */
    @Test
    void messagesAndStackTracesOfAnyLoggerAreMasked() throws Exception {
        SecretMask.ofProcess().learn("a.password", "shibboleth");
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("promptgate.log.traces", "%ex");
        context.putProperty("promptgate.log.kafka-level", "DEBUG");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        Logger logger = context.getLogger("org.apache.kafka.any");
        String printed = captured(() -> logger.debug("said {}", "shibboleth",
                new IllegalStateException("heard shibboleth", new RuntimeException("wrote shibboleth"))));
        context.stop();
        assertFalse(printed.contains("shibboleth"), printed);
        assertTrue(printed.contains("said ***") && printed.contains("heard ***") && printed.contains("wrote ***"), printed);
    }

    private static String captured(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
