package dev.promptgate.embeddedkafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** SASL over TLS on a certificate that the JDK's keytool makes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredListenerIT {
    private static final String PASSWORD = "right-one";

    private Path keystore;
    private EmbeddedKafka kafka;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        keystore = directory.resolve("broker.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "broker",
                "-keyalg", "EC", "-dname", "CN=broker", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
                keystore.toString(),
                "-storepass", "store-pass").inheritIO().start();
        assertEquals(0, keytool.waitFor());
        kafka = EmbeddedKafka.start(directory.resolve("data"), 0,
                ListenerSecurity.saslOverTls("alice", PASSWORD, keystore.toString(), "store-pass"), Map.of());
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    void plainAndScramLogIn() throws Exception {
        for (String module : new String[] {"PLAIN plain.Plain", "SCRAM-SHA-256 scram.Scram"}) {
            Map<String, Object> client = client(module, PASSWORD);
            String topic = "t-" + module.charAt(0);
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
            }
            client.put("transactional.id", topic); // has the broker talk to itself
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, "value")).get(30, TimeUnit.SECONDS);
                producer.commitTransaction();
            }
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        for (String module : new String[] {"PLAIN plain.Plain", "SCRAM-SHA-256 scram.Scram"}) {
            try (Admin admin = Admin.create(client(module, "wrong"))) {
                ExecutionException e = assertThrows(ExecutionException.class, () -> admin.listTopics().names().get(30, TimeUnit.SECONDS));
                assertInstanceOf(SaslAuthenticationException.class, e.getCause());
            }
        }
    }

    @Test
    void passwordsAreNotShown() {
        assertFalse(ListenerSecurity.saslOverTls("alice", PASSWORD, "k", "store-pass").toString().contains(PASSWORD));
    }

    private Map<String, Object> client(String mechanismAndModule, String password) {
        String[] parts = mechanismAndModule.split(" ");
        return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "security.protocol", "SASL_SSL", "sasl.mechanism",
                parts[0],
                "sasl.jaas.config",
                "org.apache.kafka.common.security.%sLoginModule required username=\"alice\" password=\"%s\";".formatted(parts[1], password),
                "ssl.truststore.location", keystore.toString(), "ssl.truststore.password", "store-pass", "ssl.truststore.type", "PKCS12"));
    }
}
