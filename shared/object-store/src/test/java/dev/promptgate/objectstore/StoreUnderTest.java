package dev.promptgate.objectstore;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A server that speaks S3, and stores that ask it. */
final class StoreUnderTest {
    private StoreUnderTest() {}

    static LocalS3 server() {
        // any free port; the server binds 0 as well, and does not tell which it got
        LocalS3 server = LocalS3.builder().port(-1).mode(LocalS3Mode.IN_MEMORY).build();
        server.start();
        return server;
    }

    /** The SDK as it is, to fill the server. */
    static S3Client filling(LocalS3 server) {
        return S3Client.builder().endpointOverride(URI.create("http://127.0.0.1:" + server.getPort())).forcePathStyle(true)
                .region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(Apache5HttpClient.builder()).build();
    }

    /** @param more settings; an empty one is left out */
    static S3Store asking(int port, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("s3.endpoint", "http://127.0.0.1:" + port, "s3.path-style", "true",
                "s3.access-key-id", "tester", "s3.secret-access-key", "hush-hush"));
        settings.putAll(more);
        settings.values().removeIf(String::isEmpty);
        return S3Store.open(values(settings));
    }

    static SettingsValues values(Map<String, String> settings) {
        return new SettingsCatalogue(S3Settings.ALL.all(), List.of(), key -> false)
                .resolve(new SettingsSources(settings, Map.of(), Map.of()));
    }
}
