package dev.promptgate.messaging.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    private final KafkaClients clients = new KafkaClients("broker:9092",
            Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "user and pass",
                    "ssl.keystore.password", "hush"),
            1 << 21);

    @Test
    void secretsAreMasked() {
        String shown = clients.toString();
        assertTrue(shown.contains("SASL_SSL"));
        assertFalse(shown.contains("hush") || shown.contains("user and pass"), shown);
    }

    @Test
    void propertiesReachEveryClient() {
        assertEquals("SASL_SSL", clients.consumer().get("security.protocol"));
        assertEquals("SASL_SSL", clients.producer().get("security.protocol"));
        assertEquals("SASL_SSL", clients.admin().get("security.protocol"));
    }

    @Test
    void whatGrowsWithTheClassesIsCompressedUnlessTheOperatorSaysOtherwise() {
        assertEquals("gzip", clients.compressing().producer().get("compression.type"));
        assertTrue(Integer.parseInt(clients.compressing().producer().get("max.request.size")) > 8 << 20);
        assertEquals("zstd", new KafkaClients("broker:9092", Map.of("compression.type", "zstd"), 1).compressing().producer()
                .get("compression.type"));
    }

    @Test
    void consumersReadCommittedRecordsOnly() {
        assertEquals("read_committed", clients.groupConsumer("g", Optional.empty()).get("isolation.level"));
        assertEquals("false", clients.groupConsumer("g", Optional.empty()).get("enable.auto.commit"));
    }
}
