package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.service.logging.ImageLog;
import dev.promptgate.service.secrets.SecretMask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The product's own log, as text and as JSON; the tests' log is configured otherwise. */
class LogFormatTest {
    @Test
    void jsonHasTheImageIdAsAField() throws Exception {
        JsonNode line = json(logger -> ImageLog.debug(logger, "red \"apple\"\n1.jpg").log("Decoded [label: {}]", "red apple"));
        assertEquals("red \"apple\"\n1.jpg", line.path("image_id").asText());
        assertEquals("Decoded [label: red apple]", line.path("message").asText());
        assertEquals("DEBUG", line.path("level").asText());
        assertEquals("dev.promptgate.any", line.path("logger").asText());
        assertTrue(line.path("@timestamp").asText().endsWith("Z"), line.toString());
    }

    @Test
    void jsonShowsNoSecretHoweverItIsEscaped() throws Exception {
        SecretMask.ofProcess().learn("a.password", "shib\"bo\\leth");
        String printed = printed("json",
                logger -> logger.atInfo().addKeyValue("image_id", "f shib\"bo\\leth").log("said {}",
                        "shib\"bo\\leth password=\"opensesame\"",
                        new IllegalStateException("heard shib\"bo\\leth", new RuntimeException("wrote shib\"bo\\leth"))));
        JsonNode line = new ObjectMapper().readTree(printed);
        assertEquals("said *** password=***", line.path("message").asText());
        assertEquals("f ***", line.path("image_id").asText());
        assertTrue(line.path("stack_trace").asText().contains("heard ***") && line.path("stack_trace").asText().contains("wrote ***"),
                printed);
        assertFalse(printed.contains("leth") || printed.contains("opensesame"), printed);
    }

    @Test
    void textHasTheImageIdInItsOneLine() throws Exception {
        String printed = printed("text", logger -> ImageLog.debug(logger, "red\napple").log("Decoded"));
        assertEquals(1, printed.lines().count(), printed);
        assertTrue(printed.stripTrailing().endsWith("DEBUG any - Decoded [image_id: red?apple]"), printed);
        String plain = printed("text", logger -> logger.info("Started"));
        assertTrue(plain.endsWith("any - Started" + System.lineSeparator()), plain);
    }

    private static JsonNode json(Consumer<Logger> work) throws Exception {
        return new ObjectMapper().readTree(printed("json", work));
    }

    private static String printed(String format, Consumer<Logger> work) throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("promptgate.log.format", format);
        context.putProperty("promptgate.log.level", "DEBUG");
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
            work.accept(context.getLogger("dev.promptgate.any"));
        } finally {
            System.setErr(before);
            context.stop();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
