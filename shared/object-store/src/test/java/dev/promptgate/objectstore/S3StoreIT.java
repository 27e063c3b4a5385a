package dev.promptgate.objectstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.robothy.s3.rest.LocalS3;
import dev.promptgate.objectstore.S3StoreException.Kind;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Against a server that speaks S3. */
class S3StoreIT {
    private static final byte[] BYTES = "the bytes of an image".getBytes(StandardCharsets.UTF_8);

    private static LocalS3 server;
    private static S3Client filling;
    private static S3Store store;

    @BeforeAll
    static void start() {
        server = StoreUnderTest.server();
        filling = StoreUnderTest.filling(server);
        filling.createBucket(b -> b.bucket("photos"));
        store = StoreUnderTest.asking(server.getPort(), Map.of());
    }

    @AfterAll
    static void stop() {
        store.close();
        filling.close();
        server.shutdown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bus/1.jpg", "red apple/1.jpg", "a+b.jpg", "50%.jpg", "50%25.jpg", "what?.jpg", "#1.jpg", "äpfel/日本.jpg",
            "a\u0308pfel.jpg", "back\\slash.jpg", "~home*/(1)'s & so, on;=@:$!.jpg", "folder/"})
    void everyKeyIsReadAndListedAsItIs(String key) throws Exception {
        put("photos", "every/" + key, BYTES);
        S3Location location = S3Location.parse("s3://photos/every/" + key);
        assertArrayEquals(BYTES, store.get(location, BYTES.length));
        assertArrayEquals(BYTES, store.get(S3Location.of(location.uri()), BYTES.length));
        assertEquals(List.of("every/" + key), keys("every/" + key, 1000));
    }

    @Test
    void anObjectOverTheBoundIsRefused() {
        put("photos", "large.jpg", BYTES);
        S3StoreException e = assertThrows(S3StoreException.class,
                () -> store.get(new S3Location("photos", "large.jpg"), BYTES.length - 1));
        assertEquals(Kind.TOO_LARGE, e.kind());
        assertEquals("The object is too large; store a smaller one, or raise the bound [bucket: photos, key: large.jpg, bound: "
                + (BYTES.length - 1) + "]", e.getMessage());
    }

    @Test
    void theStartOfAnObjectIsReadAlone() throws Exception {
        put("photos", "start.jpg", BYTES);
        assertArrayEquals("the b".getBytes(StandardCharsets.UTF_8), store.start(new S3Location("photos", "start.jpg"), 5));
        assertArrayEquals(BYTES, store.start(new S3Location("photos", "start.jpg"), 1000));
    }

    @Test
    void aListIsReadPageByPageInOrder() throws Exception {
        List<String> expected = IntStream.range(0, 25).mapToObj("pages/%03d.jpg"::formatted).toList();
        expected.forEach(key -> put("photos", key, BYTES));
        assertEquals(expected, keys("pages/", 4));
        List<StoredObject> found = new ArrayList<>();
        store.list(new S3Location("photos", "pages/00"), found::add);
        assertEquals(10, found.size());
        assertEquals(BYTES.length, found.get(0).size());
        assertFalse(found.get(0).etag().isBlank());
        assertEquals(List.of(), keys("nothing/", 4));
    }

    @Test
    void missingObjectsAndBucketsAreToldApart() {
        S3StoreException object = assertThrows(S3StoreException.class, () -> store.get(new S3Location("photos", "no.jpg"), 100));
        assertEquals(Kind.NOT_FOUND, object.kind());
        assertEquals("There is no such object; check bucket and key [bucket: photos, key: no.jpg]", object.getMessage());
        for (S3StoreException bucket : List.of(
                assertThrows(S3StoreException.class, () -> store.get(new S3Location("nobody", "no.jpg"), 100)),
                assertThrows(S3StoreException.class, () -> store.list(new S3Location("nobody", ""), o -> {})))) {
            assertEquals(Kind.NOT_FOUND, bucket.kind());
            assertTrue(bucket.getMessage().startsWith("There is no such bucket; check its name, s3.endpoint and s3.region [bucket: nobody"),
                    bucket.getMessage());
        }
    }

    @Test
    void aBucketAloneIsNoObject() {
        assertThrows(IllegalArgumentException.class, () -> store.get(new S3Location("photos", ""), 100));
    }

    @Test
    void whatTheCallerOfAListThrowsIsItsOwn() {
        put("photos", "thrown.jpg", BYTES);
        assertThrows(IllegalStateException.class, () -> store.list(new S3Location("photos", "thrown"), o -> {
            throw new IllegalStateException("mine");
        }));
    }

    @Test
    void anEndpointThatNobodyListensOnIsUnavailable() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (S3Store nowhere = StoreUnderTest.asking(free, Map.of("s3.timeout", "2s"))) {
            S3StoreException e = assertThrows(S3StoreException.class, () -> nowhere.get(new S3Location("photos", "a.jpg"), 100));
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertTrue(e.getMessage().matches("S3 does not answer as it should; is s3.endpoint right, and reachable\\? "
                    + "\\[bucket: photos, key: a.jpg, cause: Connect to .* failed: Connection refused]"), e.getMessage());
        }
    }

    private static void put(String bucket, String key, byte[] bytes) {
        filling.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    private static List<String> keys(String prefix, int pageSize) throws S3StoreException {
        List<String> keys = new ArrayList<>();
        store.list(new S3Location("photos", prefix), pageSize, object -> keys.add(object.key()));
        return keys;
    }
}
