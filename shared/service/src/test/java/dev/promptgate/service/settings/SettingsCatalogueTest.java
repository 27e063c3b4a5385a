package dev.promptgate.service.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.api.ApiSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCatalogueTest {
    private static final Setting<Integer> SHOTS = Setting.integer("learner.min-shots", 8, "shots").must("be positive", n -> n > 0);
    private static final Setting<Duration> DELAY = Setting.duration("encoder.delay", Duration.ofMillis(20), "delay");
    private static final Setting<String> PASSWORD = Setting.text("store.password", "", "password").secret();
    private static final Setting<Double> DROP = Setting.decimal("gate.drop", 0.1, "drop");
    private static final Setting<Boolean> OPEN = Setting.bool("gate.open", false, "open");
    private static final Setting<String> SERVERS = Setting.list("servers", "c:3", "servers");
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(List.of(SHOTS, DELAY, PASSWORD, DROP, OPEN, SERVERS,
            PromptSettings.NAME, ApiSettings.TOKEN, TrustSettings.ROLLOUT_PUBLIC_KEYS, TrustSettings.CANDIDATE_SIGNING_KEY),
            List.of("kafka.property."), key -> true);

    @Test
    void defaultsApplyWhereNothingIsGiven() {
        SettingsValues values = CATALOGUE.resolve(SettingsSources.of(Map.of()));
        assertEquals(8, values.get(SHOTS));
        assertEquals(Duration.ofMillis(20), values.get(DELAY));
    }

    @Test
    void commandLineBeatsEnvironmentBeatsProfile() {
        Map<String, String> profile = Map.of("learner.min-shots", "1", "encoder.delay", "1s");
        Map<String, String> environment = Map.of("PROMPTGATE_LEARNER_MIN_SHOTS", "2", "PROMPTGATE_ENCODER_DELAY", "2s", "HOME", "/home/x");
        SettingsValues values = CATALOGUE.resolve(new SettingsSources(Map.of("learner.min-shots", "3"), environment, profile));
        assertEquals(3, values.get(SHOTS));
        assertEquals(Duration.ofSeconds(2), values.get(DELAY));
    }

    @Test
    void anEmptyVariableIsNotSet() {
        SettingsValues values = CATALOGUE.resolve(new SettingsSources(Map.of(), Map.of("PROMPTGATE_LEARNER_MIN_SHOTS", "",
                "PROMPTGATE_STORE_PASSWORD", "", "PROMPTGATE_KAFKA_PROPERTY_CLIENT_ID", ""), Map.of("store.password", "hush")));
        assertEquals(8, values.get(SHOTS));
        assertEquals("hush", values.get(PASSWORD));
        assertEquals(Map.of(), values.under("kafka.property."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"010", "+5", "1_000", "0x10", "1e1", "8.0", "٣", "99999999999", "1 0", ""})
    void integersHaveOneNotation(String text) {
        assertRefused("learner.min-shots", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-NaN", "Infinity", "-Infinity", ".inf", "1e999", "1e-999", "0x1p3", "1d", "1f", "00.5", "+1", "1,5",
            "1."})
    void numbersAreFiniteAndPlain(String text) {
        assertRefused("gate.drop", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0.0", "5.0E-4", "1e3", ".5", "0e-999"})
    void plainNumbersAreTaken(String text) {
        assertEquals(Double.parseDouble(text), CATALOGUE.resolve(SettingsSources.of(Map.of("gate.drop", text))).get(DROP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "on", "off", "1", "0", "y", "truee", ""})
    void truthIsTrueOrFalse(String text) {
        assertRefused("gate.open", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hushhush\n", "hush\nhush", "hush\rhush", " hushhush", "hushhush ", "\u00a0hushhush", "\ufeffhushhush",
            "hush\u200bhush",
            "hush\u2028hush", "hush\thush", "hush\u0000hush", "   "})
    void aSecretIsOneLineAndNotShown(String text) {
        String message = assertRefused("store.password", text);
        assertFalse(message.contains("hush"), message);
        String passedThrough = assertRefused("kafka.property.ssl.key.password", text);
        assertFalse(passedThrough.contains("hush"), passedThrough);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "a\nb", "a\u0000b", "a\u2029b"})
    void aTextIsOneLineAndNotBlank(String text) {
        assertRefused("prompt.name", text);
    }

    @Test
    void aListHasElements() {
        assertEquals("a:1,b:2", CATALOGUE.resolve(SettingsSources.of(Map.of("servers", " a:1, b:2,"))).get(SERVERS));
        assertRefused("servers", ",");
        assertRefused("servers", "");
    }

    @Test
    void aGuardIsNeverTakenAwayByAnEmptyText() {
        assertRefused("api.token", "");
        assertRefused("trust.rollout-public-keys", "");
        assertRefused("trust.candidate-signing-key", "");
    }

    private static String assertRefused(String key, String text) {
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> CATALOGUE.resolve(SettingsSources.of(Map.of(key, text))));
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().startsWith(key + " must "), e.getMessage());
        return e.getMessage();
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
}
