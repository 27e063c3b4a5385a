package dev.promptgate.service.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.secrets.SecretMask;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A settings file says what people see in it, or is refused with the line. */
class SettingsFileTest {
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(
            Stream.of(KafkaSettings.ALL, PromptSettings.ALL, TrustSettings.ALL, HttpSettings.ALL, ApiSettings.ALL)
                    .<Setting<?>>flatMap(group -> group.all().stream()).toList(),
            List.of(KafkaSettings.PROPERTY_PREFIX), KafkaSettings::isSecretProperty);

    @TempDir
    private Path directory;

    @Test
    void yamlPropertiesAndJsonSayTheSame() throws IOException {
        for (SettingsValues values : List.of(resolved("s.yaml", "http:\n  port: 5\nprompt.name: 'a b'\n"),
                resolved("s.json", "{\"http\": {\"port\": 5}, \"prompt.name\": \"a b\"}"),
                resolved("s.PROPERTIES", "# one\n! two\nhttp.port : 5\nprompt.name = a \\\n  b\n"))) {
            assertEquals(5, values.get(HttpSettings.PORT));
            assertEquals("a b", values.get(PromptSettings.NAME));
        }
    }

    @Test
    void theEnvironmentBeatsTheFileWhichBeatsTheProfile() throws IOException {
        SettingsSources sources = new SettingsSources(Map.of(), Map.of("PROMPTGATE_HTTP_PORT", "3"),
                CATALOGUE.read(write("s.yaml", "http.port: 2\nprompt.name: file\n")),
                Map.of("http.port", "1", "prompt.name", "profile", "http.host", "h"));
        SettingsValues values = CATALOGUE.resolve(sources);
        assertEquals(3, values.get(HttpSettings.PORT));
        assertEquals("file", values.get(PromptSettings.NAME));
        assertEquals("h", values.get(HttpSettings.HOST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.bootstrap-servers: [a:9092, 'b:9092']", "kafka:\n  bootstrap-servers:\n  - a:9092\n  - b:9092",
            "kafka.bootstrap-servers: a:9092, b:9092", "kafka: {bootstrap-servers: [a:9092, b:9092]}"})
    void listsAreJoinedWhereTheSettingIsOne(String yaml) throws IOException {
        assertEquals("a:9092,b:9092", resolved("s.yaml", yaml).get(KafkaSettings.BOOTSTRAP_SERVERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "['']", "[' ']", "[~]", "[a:1, null]", "['a:1,b:2']", "[[a:1]]", "[{a: b}]", "[010]", "[no]", "{a: b}",
            "{}",
            "", "~", "null", "''", "' '", "','", "!!set {a, b}", "!!binary aGk=", "!x a:1", "&x [a:1]"})
    void whatIsNoListIsRefused(String value) throws IOException {
        assertRefused("s.yaml", "# comment\nkafka.bootstrap-servers: " + value, "kafka.bootstrap-servers ", "line: 2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[hunter22]", "[hunter22, hunter22]", "{hunter22: hunter22}", "{hunter22}", "{{ hunter22 }}",
            "\n  hunter22: hunter22",
            "\n  - hunter22",
            "", "~", "null", "''", "' '", "no", "010", "0900", "1e3", "0x10", "0o10", "1_000", "1:30", "2026-01-01", ".5", ".NaN", "y",
            "On",
            "'hunter22 '", "' hunter22'", "\"hunter22\\n\"", "|\n  hunter22", ">\n  hunter22", ">-\n  hunter22\n  hunter22",
            "hunter22\n  hunter22",
            "\"hunter22\\ufeff\"", "!hunter22 hunter22", "!!binary aHVudGVyMjI=", "&hunter22 [hunter22]"})
    void aTokenIsWhatIsWrittenOrRefusedWithoutShowingIt(String value) throws IOException {
        String message = assertRefused("s.yaml", "api.token: " + value, "api.token", "line: 1]");
        assertFalse(message.contains("hunter22"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*secret", "%secret", "@secret", "`secret", "\"secret", "'secret", "[secret", "{secret", "!secret!x y",
            "\"\\secret\"",
            "a: secret", "secret\nsecret", "!<secret secret", "? secret"})
    void whatIsNoYamlIsRefusedWithoutShowingIt(String value) throws IOException {
        InvalidSettingsException e = refused("s.yaml", "api.token: " + value);
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
        assertTrue(e.getMessage().contains("The settings file is no YAML: ") && e.getMessage().contains(", line: "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', value = {"'010'|010", "\"no\"|no", "!!str 010|010", "&a x|x", "a b|a b", "a#b|a#b",
            "a\\n  b|a b", ">-\\n  a\\n  b|a b",
            "1.2.3|1.2.3", "'~'|~", "café|café"})
    void textsAreTakenAsTheyAreWritten(String written, String text) throws IOException {
        assertEquals(text, resolved("s.yaml", "prompt.name: " + written.replace("\\n", "\n")).get(PromptSettings.NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.port: 1\nhttp.port: 2", "http.port: 1\nhttp:\n  port: 2", "http:\n  port: 1\nhttp.port: 2",
            "http:\n  port: 1\nhttp:\n  port: 2", "http:\n  port: 1\nhttp:\n  host: a\n  port: 1"})
    void duplicatesAreRefusedWithBothLines(String yaml) throws IOException {
        assertRefused("s.yaml", yaml, "A setting stands twice; leave one [setting: http.port", " and ");
        assertRefused("s.properties", "http.port=1\n\nhttp.port=1\n", "A setting stands twice; leave one [setting: http.port",
                "lines: 1 and 3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "- a", "[a]", "~", "http.port: 1\n---\nhttp.port: 2", "&a http.port: 1\n<<: *a", "<<: {http.port: 1}",
            "? [a]\n: b", "~: a", "!!map {http.port: 1}\n...\nx", "!x {http.port: 1}", "&x {http.port: 1}", "http.port=1"})
    void filesOfAnotherFormAreRefused(String yaml) throws IOException {
        assertTrue(refused("s.yaml", yaml).getMessage().contains(", line: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "---", "\n\n"})
    void anEmptyFileSaysNothing(String yaml) throws IOException {
        assertEquals(9090, resolved("s.yaml", yaml).get(HttpSettings.PORT));
    }

    @ParameterizedTest
    @CsvSource({"client.id,abc,true", "request.timeout.ms,1000,true", "enable.metrics.push,false,true", "linger.ms,010,false",
            "enable.metrics.push,no,false", "security.protocol,[SSL],false", "security.protocol,~,false", "ssl.key.password,0123,false",
            "ssl.key.password,'\"hush \"',false"})
    void whatPassesThroughIsUnambiguousToo(String key, String value, boolean isTaken) throws IOException {
        String yaml = "kafka.property.%s: %s".formatted(key, value);
        if (isTaken) {
            assertEquals(Map.of(key, value), resolved("s.yaml", yaml).under(KafkaSettings.PROPERTY_PREFIX));
        } else {
            assertRefused("s.yaml", yaml, "kafka.property." + key + " ", "line: 1]");
        }
    }

    @Test
    void loginModulesAndPemMayHaveSeveralLines() throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----\n";
        Map<String, String> values = resolved("s.yaml", "kafka.property:\n  sasl.jaas.config: >\n    a.LoginModule required\n    x=\"y\";\n"
                + "  ssl.keystore.key: |\n    " + pem.strip().replace("\n", "\n    ") + "\n").under(KafkaSettings.PROPERTY_PREFIX);
        assertEquals(Map.of("sasl.jaas.config", "a.LoginModule required x=\"y\";\n", "ssl.keystore.key", pem), values);
    }

    @Test
    void everythingWrongIsToldAtOnce() throws IOException {
        InvalidSettingsException e = refused("s.yaml", "http.port: 010\nprompt.name: no\napi.token: [x]\nhttp.port: 1\nhtp.port: 1\n");
        assertEquals(5, e.getMessage().lines().count(), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.token=abcd ", "api.token=", "api.token=\\u00", "trust.rollout-public-keys=C:\\keys", "api.token=a\\nb",
            "http.port=010", "prompt.name= "})
    void propertiesAreHeldToTheSame(String line) throws IOException {
        InvalidSettingsException e = refused("s.properties", "http.host=a\n" + line);
        assertTrue(e.getMessage().endsWith(", line: 2]") || line.equals("prompt.name= "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void byteOrderMarksAreNoPartOfIt(String encoding) throws IOException {
        Path yaml = directory.resolve("s.yaml");
        Path properties = directory.resolve("s.properties");
        Files.write(yaml, "\ufeffprompt.name: é\r\n".getBytes(Charset.forName(encoding)));
        Files.write(properties, "\ufeffprompt.name=é\r\n".getBytes(Charset.forName(encoding)));
        for (Path file : List.of(yaml, properties)) {
            assertEquals("é", resolve(file).get(PromptSettings.NAME));
        }
        Files.write(yaml, "http.port: 1\nprompt.name: é".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> resolve(yaml)).getMessage().contains("line: 2]"));
    }

    @Test
    void aFileWithoutAnEndOrOneThatIsNotThereIsNamed() throws IOException {
        Path many = write("many.yaml", "# " + "x".repeat(2 << 20));
        for (Path file : List.of(directory.resolve("nowhere.yaml"), directory, many, Path.of("/dev/zero"))) {
            InvalidSettingsException e = assertThrows(InvalidSettingsException.class, () -> resolve(file));
            assertTrue(e.getMessage().contains(file.toString()) && e.getMessage().lines().count() == 1, e.getMessage());
        }
        for (String bomb : List.of("a: ".repeat(20_000), "[".repeat(20_000), "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b, *b]",
                "!!javax.script.ScriptEngineManager [x]")) {
            assertFalse(refused("s.yaml", bomb).getMessage().isBlank());
        }
    }

    @Test
    void aMaskLearnsWhatIsNotValidToo() throws IOException {
        SecretMask mask = new SecretMask();
        CATALOGUE.teach(mask, new SettingsSources(Map.of(), Map.of(),
                CATALOGUE.read(write("s.yaml", "api.token: [first, second]\nkafka.property.ssl.key.password: !x third\n")), Map.of()));
        assertEquals("*** *** ***", mask.apply("first second third"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private SettingsValues resolved(String name, String text) throws IOException {
        return resolve(write(name, text));
    }

    private static SettingsValues resolve(Path file) {
        return CATALOGUE.resolve(new SettingsSources(Map.of(), Map.of(), CATALOGUE.read(file), Map.of()));
    }

    private InvalidSettingsException refused(String name, String text) throws IOException {
        Path file = write(name, text);
        return assertThrows(InvalidSettingsException.class, () -> resolve(file), () -> "taken: " + text);
    }

    private String assertRefused(String name, String text, String... words) throws IOException {
        String message = refused(name, text).getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String word : words) {
            assertTrue(message.contains(word), message + " lacks " + word);
        }
        return message;
    }
}
