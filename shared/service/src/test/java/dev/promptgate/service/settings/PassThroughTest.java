package dev.promptgate.service.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.secrets.SecretMask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Properties that pass through to Kafka, from every source. */
class PassThroughTest {
    private static final String JAAS = "org.example.PlainLoginModule required username=\"u\" password=\"hunter22\";";
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(KafkaSettings.ALL.all(),
            List.of(KafkaSettings.PROPERTY_PREFIX),
            KafkaSettings::isSecretProperty);

    @Test
    void underscoresOfAVariableBecomeDots() {
        SettingsValues values = CATALOGUE.resolve(environment(Map.of("PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG", JAAS,
                "PROMPTGATE_KAFKA_PROPERTY_SECURITY_PROTOCOL", "SASL_SSL", "PROMPTGATE_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")));
        assertEquals(Map.of("sasl.jaas.config", JAAS, "security.protocol", "SASL_SSL"), values.under(KafkaSettings.PROPERTY_PREFIX));
        assertEquals("kafka:9092", values.get(KafkaSettings.BOOTSTRAP_SERVERS));
    }

    @Test
    void commandLineBeatsEnvironmentBeatsProfile() {
        Map<String, String> profile = Map.of("kafka.property.client.id", "profile", "kafka.property.client.rack", "profile");
        Map<String, String> environment = Map.of("PROMPTGATE_KAFKA_PROPERTY_CLIENT_ID", "environment",
                "PROMPTGATE_KAFKA_PROPERTY_CLIENT_RACK", "environment");
        SettingsValues values = CATALOGUE
                .resolve(new SettingsSources(Map.of("kafka.property.client.id", "command line"), environment, profile));
        assertEquals(Map.of("client.id", "command line", "client.rack", "environment"), values.under(KafkaSettings.PROPERTY_PREFIX));
    }

    @Test
    void aPrefixWithoutANameIsUnknown() {
        assertThrows(InvalidSettingsException.class, () -> CATALOGUE.resolve(SettingsSources.of(Map.of("kafka.property.", "x"))));
        assertThrows(InvalidSettingsException.class, () -> CATALOGUE.resolve(environment(Map.of("PROMPTGATE_KAFKA_PROPERTY_", "x"))));
    }

    @Test
    void anyPrefixMapsTheSameWay() {
        SettingsCatalogue catalogue = new SettingsCatalogue(List.of(), List.of("object-store.option."), key -> true);
        SettingsValues values = catalogue.resolve(environment(Map.of("PROMPTGATE_OBJECT_STORE_OPTION_REGION_NAME", "x")));
        assertEquals(Map.of("region.name", "x"), values.under("object-store.option."));
        assertTrue(values.describe().contains("object-store.option.region.name = ***"), "secret unless the catalogue says otherwise");
    }

    @Test
    void whatIsInForceIsDescribedSecretsMasked() {
        String described = CATALOGUE.resolve(environment(Map.of("PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG", JAAS,
                "PROMPTGATE_KAFKA_PROPERTY_SASL_MECHANISM", "PLAIN"))).describe();
        assertTrue(described.contains("kafka.property.sasl.jaas.config = ***"), described);
        assertTrue(described.contains("kafka.property.sasl.mechanism = PLAIN"), described);
        assertFalse(described.contains("hunter22"), described);
    }

    @Test
    void violationsShowNoSecretWhereverItStands() {
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class, () -> CATALOGUE.resolve(new SettingsSources(
                Map.of("topics.partitions", "hunter22"), Map.of("PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG", JAAS), Map.of())));
        assertFalse(e.getMessage().contains("hunter22"), e.getMessage());
        assertTrue(e.getMessage().contains("topics.partitions"), e.getMessage());
    }

    @Test
    void aMaskLearnsOverriddenSecretsToo() {
        SecretMask mask = new SecretMask();
        CATALOGUE.teach(mask, new SettingsSources(Map.of("kafka.property.ssl.key.password", "from-command-line"),
                Map.of("PROMPTGATE_KAFKA_PROPERTY_SSL_KEY_PASSWORD", "from-environment", "PROMPTGATE_UNKNOWN", "x"),
                Map.of("kafka.property.ssl.key.password", "from-profile", "topics.prefix", "shown")));
        assertEquals("*** *** *** shown", mask.apply("from-command-line from-environment from-profile shown"));
    }

    private static SettingsSources environment(Map<String, String> environment) {
        return new SettingsSources(Map.of(), environment, Map.of());
    }
}
