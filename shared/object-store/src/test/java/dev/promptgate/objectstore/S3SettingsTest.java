package dev.promptgate.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.settings.InvalidSettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3SettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "http://minio:9000", "https://s3.example.org/"})
    void anEndpointIsAUrlOfAServer(String endpoint) {
        assertEquals(endpoint, StoreUnderTest.values(Map.of("s3.endpoint", endpoint)).get(S3Settings.ENDPOINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minio:9000", "ftp://minio", "http://", "http://minio/photos", "http://minio?x", "http://a:b@minio",
            "http://m n"})
    void anythingElseIsRefused(String endpoint) {
        assertTrue(assertThrows(InvalidSettingsException.class, () -> StoreUnderTest.values(Map.of("s3.endpoint", endpoint))).getMessage()
                .startsWith("s3.endpoint must be a "));
    }

    @Test
    void theSecretIsNeverShown() {
        String shown = StoreUnderTest.values(Map.of("s3.access-key-id", "tester", "s3.secret-access-key", "hush-hush")).describe();
        assertTrue(shown.contains("s3.access-key-id = tester") && shown.contains("s3.secret-access-key = ***"), shown);
        assertFalse(shown.contains("hush"), shown);
    }
}
