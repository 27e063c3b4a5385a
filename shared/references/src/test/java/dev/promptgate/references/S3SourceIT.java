package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Fetching from a server that speaks S3, which holds the same objects in a listed bucket and in one that is not. */
class S3SourceIT {
    private static final byte[] IMAGE = {1, 2, 3, 4, 5};
    private static final int MAX_BYTES = 1024;

    private static LocalS3 server;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeAll
    static void start() {
        server = LocalS3.builder().port(-1).mode(LocalS3Mode.IN_MEMORY).build();
        server.start();
        try (S3Client filling = S3Client.builder().endpointOverride(URI.create("http://127.0.0.1:" + server.getPort()))
                .forcePathStyle(true).region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(Apache5HttpClient.builder()).build()) {
            for (String bucket : List.of("photos", "private")) {
                filling.createBucket(b -> b.bucket(bucket));
                for (Map.Entry<String, byte[]> object : Map.of("1.jpg", IMAGE, "red apple/50%.jpg", IMAGE, "largest.jpg",
                        new byte[MAX_BYTES], "large.jpg", new byte[MAX_BYTES + 1], "empty.jpg", new byte[0]).entrySet()) {
                    filling.putObject(b -> b.bucket(bucket).key(object.getKey()), RequestBody.fromBytes(object.getValue()));
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        server.shutdown();
    }

    @Test
    void anObjectOfAListedBucketIsFetched() throws Exception {
        try (ReferenceFetcher fetcher = fetcher(Map.of())) {
            assertArrayEquals(IMAGE, fetcher.fetch(reference("s3://photos/1.jpg")));
            assertArrayEquals(IMAGE, fetcher.fetch(reference("S3://photos/red%20apple/50%25.jpg")));
            assertArrayEquals(IMAGE, fetcher.fetch(new ImageReference(URI.create("s3://photos/1.jpg"), OptionalLong.of(IMAGE.length),
                    Optional.of(ImageIds.sha256(IMAGE)))));
            assertEquals(MAX_BYTES, fetcher.fetch(reference("s3://photos/largest.jpg")).length);
        }
        assertEquals(4, count("fetched"));
    }

    @Test
    void whatIsNotThereTooLargeEmptyOrAnotherImageHasItsCode() {
        try (ReferenceFetcher fetcher = fetcher(Map.of("references.s3-buckets", "photos,nobodys"))) {
            InvalidRecordException missing = refused(fetcher, reference("s3://photos/no.jpg"));
            assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, missing.code());
            assertTrue(missing.getMessage().contains("[reference: s3://photos/no.jpg, cause: There is no such object; "),
                    missing.getMessage());
            assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused(fetcher, reference("s3://nobodys/1.jpg")).code());
            assertEquals(RejectionCode.TOO_MANY_BYTES, refused(fetcher, reference("s3://photos/large.jpg")).code());
            assertEquals(RejectionCode.EMPTY_VALUE, refused(fetcher, reference("s3://photos/empty.jpg")).code());
            URI uri = URI.create("s3://photos/1.jpg");
            assertEquals(RejectionCode.REFERENCE_MISMATCH,
                    refused(fetcher, new ImageReference(uri, OptionalLong.empty(), Optional.of("0".repeat(64)))).code());
            assertEquals(RejectionCode.REFERENCE_MISMATCH,
                    refused(fetcher, new ImageReference(uri, OptionalLong.of(7), Optional.empty())).code());
        }
        assertEquals(2, count("mismatch"));
        assertEquals(1, count("too-large"));
        assertEquals(0, registry.get("promptgate.references.retries").counter().count(), "another attempt would mend none of it");
    }

    @Test
    void anythingButAnObjectOfAListedBucketIsRefused() {
        try (ReferenceFetcher fetcher = fetcher(Map.of())) {
            for (String uri : new String[] {"s3://private/1.jpg", "s3://photos.private/1.jpg", "s3://PHOTOS/1.jpg",
                    "s3://photos:443/1.jpg", "s3://user:s3cr3t@photos/1.jpg", "s3://photos@private/1.jpg",
                    "s3://photos/1.jpg?X-Amz-Signature=s3cr3t", "s3://photos/1.jpg#s3cr3t", "s3:///photos/1.jpg?s3cr3t",
                    "s3://photos/../private/1.jpg", "s3://photos/%2e%2e/private/1.jpg", "s3://photos/..%2fprivate/1.jpg",
                    "s3://photos%2F..%2Fprivate/1.jpg", "s3://photos", "s3://photos/", "s3://photos/a%00b.jpg",
                    "s3://169.254.169.254/latest/meta-data/"}) {
                InvalidRecordException refused = refused(fetcher, reference(uri));
                assertEquals(RejectionCode.REFERENCE_REFUSED, refused.code(), uri);
                assertFalse(refused.getMessage().contains("s3cr3t") || refused.getMessage().contains("hush"), refused.getMessage());
                assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
            }
        }
        assertEquals(17, count("refused"));
    }

    @Test
    void nothingIsFetchedWhereNoBucketIsListed() {
        try (ReferenceFetcher fetcher = fetcher(Map.of("references.s3-buckets", ""))) {
            assertEquals("Images are not fetched from this bucket; list it in references.s3-buckets [reference: s3://photos/1.jpg]",
                    refused(fetcher, reference("s3://photos/1.jpg")).getMessage());
        }
    }

    private double count(String outcome) {
        return registry.get("promptgate.references.fetches").tags("scheme", "s3", "outcome", outcome).counter().count();
    }

    private static InvalidRecordException refused(ReferenceFetcher fetcher, ImageReference reference) {
        return assertThrows(InvalidRecordException.class, () -> fetcher.fetch(reference), reference.toString());
    }

    private static ImageReference reference(String uri) {
        return new ImageReference(URI.create(uri), OptionalLong.empty(), Optional.empty());
    }

    private ReferenceFetcher fetcher(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(Map.of("references.s3-buckets", "photos", "references.max-bytes", "" + MAX_BYTES,
                "s3.endpoint", "http://127.0.0.1:" + server.getPort(), "s3.path-style", "true", "s3.access-key-id", "tester",
                "s3.secret-access-key", "hush-hush"));
        all.putAll(given);
        ReferenceSettings settings = SettingsOf.of(all);
        return new ReferenceFetcher(List.of(S3Source.of(settings)), settings, new ReferenceMeters(registry));
    }
}
