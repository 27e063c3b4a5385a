package dev.promptgate.messaging.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretPropertiesTest {
    @Test
    void everyPasswordOfKafkasClientsIsSecret() {
        ConfigDef security = new ConfigDef();
        SslConfigs.addClientSslSupport(security);
        SaslConfigs.addClientSaslSupport(security);
        Set<String> passwords = new TreeSet<>();
        for (ConfigDef definition : new ConfigDef[] {ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef(),
                security}) {
            definition.configKeys().values().stream().filter(key -> key.type == ConfigDef.Type.PASSWORD)
                    .forEach(key -> passwords.add(key.name));
        }
        assertTrue(passwords.contains("sasl.jaas.config") && passwords.size() >= 9, passwords.toString());
        passwords.forEach(name -> assertTrue(KafkaClients.isSecret(name), name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl.oauthbearer.assertion.file", "sasl.oauthbearer.assertion.private.key.file",
            "sasl.oauthbearer.assertion.template.file",
            "SSL.KEYSTORE.PASSWORD", "listener.name.x.plain.sasl.jaas.config", "my.vault.token", "azure.client-secret", "my.api_key",
            "aws.accessKey",
            "encryption.key", "schema.registry.basic.auth.user.info", "db.passwd"})
    void whatLooksSecretIs(String name) {
        assertTrue(KafkaClients.isSecret(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bootstrap.servers", "security.protocol", "sasl.mechanism", "ssl.truststore.location", "ssl.keystore.location",
            "ssl.keystore.type", "ssl.keymanager.algorithm", "key.serializer", "key.deserializer", "isolation.level",
            "sasl.oauthbearer.token.endpoint.url",
            "sasl.oauthbearer.client.credentials.client.id", "sasl.oauthbearer.assertion.claim.exp.seconds",
            "sasl.login.callback.handler.class"})
    void whatOneNeedsToSeeIsNot(String name) {
        assertFalse(KafkaClients.isSecret(name));
    }
}
