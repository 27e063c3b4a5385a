package dev.promptgate.service.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCatalogueTest {
    private static final Setting<Integer> SHOTS = Setting.integer("learner.min-shots", 8, "shots").must("be positive", n -> n > 0);
    private static final Setting<Duration> DELAY = Setting.duration("encoder.delay", Duration.ofMillis(20), "delay");
    private static final Setting<String> PASSWORD = Setting.text("store.password", "", "password").secret();
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(List.of(SHOTS, DELAY, PASSWORD), List.of("kafka.property."),
            key -> true);

    @Test
    void defaultsApplyWhereNothingIsGiven() {
        SettingsValues values = CATALOGUE.resolve(SettingsSources.of(Map.of()));
        assertEquals(8, values.get(SHOTS));
        assertEquals(Duration.ofMillis(20), values.get(DELAY));
    }

    @Test
    void commandLineBeatsEnvironmentBeatsFile() {
        Map<String, String> file = Map.of("learner.min-shots", "1", "encoder.delay", "1s");
        Map<String, String> environment = Map.of("PROMPTGATE_LEARNER_MIN_SHOTS", "2", "PROMPTGATE_ENCODER_DELAY", "2s", "HOME", "/home/x");
        SettingsValues values = CATALOGUE.resolve(new SettingsSources(Map.of("learner.min-shots", "3"), environment, file));
        assertEquals(3, values.get(SHOTS));
        assertEquals(Duration.ofSeconds(2), values.get(DELAY));
    }

    @Test
    void everyViolationIsReportedAtOnceWithTheNearestName() {
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class, () -> CATALOGUE.resolve(new SettingsSources(
                Map.of("learner.minshots", "3", "encoder.delay", "soon"), Map.of("PROMPTGATE_LEARNER_MIN_SHOT", "1"),
                Map.of("learner.min-shots", "0"))));
        assertEquals(4, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains("did you mean learner.min-shots?"), e.getMessage());
        assertTrue(e.getMessage().contains("did you mean PROMPTGATE_LEARNER_MIN_SHOTS?"), e.getMessage());
        assertTrue(e.getMessage().contains("must be positive"), e.getMessage());
    }

    @Test
    void secretsAreNeverShown() {
        SettingsValues values = CATALOGUE.resolve(SettingsSources.of(Map.of("store.password", "hush")));
        assertFalse(values.describe().contains("hush"));
        assertEquals("hush", values.get(PASSWORD));
    }

    @Test
    void openPrefixesPassThrough() {
        SettingsValues values = CATALOGUE.resolve(SettingsSources.of(Map.of("kafka.property.sasl.mechanism", "PLAIN")));
        assertEquals(Map.of("sasl.mechanism", "PLAIN"), values.under("kafka.property."));
    }

    @Test
    void filesAreYamlOrProperties(@TempDir Path directory) throws IOException {
        Path yaml = Files.writeString(directory.resolve("settings.yaml"), "learner:\n  min-shots: 5\n");
        Path properties = Files.writeString(directory.resolve("settings.properties"), "learner.min-shots=6\n");
        assertEquals(Map.of("learner.min-shots", "5"), SettingsSources.readFile(yaml));
        assertEquals(Map.of("learner.min-shots", "6"), SettingsSources.readFile(properties));
        assertThrows(InvalidSettingsException.class, () -> SettingsSources.readFile(directory.resolve("nowhere.yaml")));
    }
}
