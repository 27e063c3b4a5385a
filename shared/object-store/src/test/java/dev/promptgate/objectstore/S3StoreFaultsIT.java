package dev.promptgate.objectstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.promptgate.objectstore.S3StoreException.Kind;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What S3 does on a bad day, which no well-behaved server can be made to do: answers written byte by byte onto real connections. */
class S3StoreFaultsIT {
    private static final S3Location OBJECT = new S3Location("photos", "bus/1.jpg");
    private static final Map<String, String> QUICK = Map.of("s3.timeout", "900ms", "s3.attempts", "2");
    private static final byte[] BODY = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({
            "403, AccessDenied, DENIED, S3 does not allow this", "403, SignatureDoesNotMatch, DENIED, S3 does not allow this",
            "400, InvalidRequest, REFUSED, S3 refuses the request", "503, SlowDown, UNAVAILABLE, S3 is out of order or overloaded"})
    void anAnswerInsteadOfTheObjectIsTold(int status, String code, Kind kind, String message) throws Exception {
        String xml = "<Error><Code>%s</Code><Message>hush-hush</Message></Error>".formatted(code);
        try (ScriptedServer server = new ScriptedServer((n, out) -> answer(out, status, "", xml));
                S3Store store = StoreUnderTest.asking(server.port(), Map.of("s3.attempts", "2"))) {
            S3StoreException e = assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100));
            assertEquals(kind, e.kind());
            assertTrue(e.getMessage().startsWith(message) && e.getMessage().endsWith(
                    "[bucket: photos, key: bus/1.jpg, status: %d, code: %s]".formatted(status, code)), e.getMessage());
            assertFalse(e.getMessage().contains("hush"), e.getMessage());
            assertEquals(kind == Kind.UNAVAILABLE ? 2 : 1, server.requests());
        }
    }

    @Test
    void anotherRegionIsNamed() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> answer(out, 301, "x-amz-bucket-region: eu-west-1\r\n",
                "<Error><Code>PermanentRedirect</Code></Error>"));
                S3Store store = StoreUnderTest.asking(server.port(), Map.of())) {
            S3StoreException e = assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100));
            assertEquals(Kind.REFUSED, e.kind());
            assertEquals("The bucket is kept in another region; set s3.region [bucket: photos, key: bus/1.jpg, region: eu-west-1]",
                    e.getMessage());
        }
    }

    @Test
    void whatIsNoS3IsNotTakenForAMissingObject() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> answer(out, 404, "", "<html>no page here</html>"));
                S3Store store = StoreUnderTest.asking(server.port(), Map.of())) {
            assertEquals(Kind.REFUSED, assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100)).kind());
        }
    }

    @Test
    void aTransferThatBreaksOffIsTriedAgain() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> {
            headers(out, 200, "Content-Length: 10\r\n");
            out.write(BODY, 0, n == 1 ? 4 : 10);
        }); S3Store store = StoreUnderTest.asking(server.port(), Map.of())) {
            assertArrayEquals(BODY, store.get(OBJECT, 100));
            assertEquals(2, server.requests());
        }
    }

    @Test
    void aTransferThatAlwaysBreaksOffIsUnavailable() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> {
            headers(out, 200, "Content-Length: 10\r\n");
            out.write(BODY, 0, 4);
        }); S3Store store = StoreUnderTest.asking(server.port(), Map.of("s3.attempts", "2"))) {
            S3StoreException e = assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100));
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertTrue(e.getMessage().contains("cause: Premature end"), e.getMessage());
            assertEquals(2, server.requests());
        }
    }

    @Test
    void aLengthOverTheBoundIsRefusedBeforeAByteIsRead() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> {
            headers(out, 200, "Content-Length: 10000000000\r\n"); // and nothing follows
            Thread.sleep(5000);
        }); S3Store store = StoreUnderTest.asking(server.port(), Map.of())) {
            assertTimeoutPreemptively(Duration.ofSeconds(2), () -> assertEquals(Kind.TOO_LARGE,
                    assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100)).kind()));
        }
    }

    @Test
    void aBodyWithoutLengthIsCutAtTheBound() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> {
            headers(out, 200, "Transfer-Encoding: chunked\r\n");
            byte[] chunk = new byte[1 << 16];
            Arrays.fill(chunk, (byte) 'x');
            for (int i = 0; i < 100_000; i++) { // 6 GB, unless the reader hangs up
                out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }); S3Store store = StoreUnderTest.asking(server.port(), Map.of())) {
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertEquals(Kind.TOO_LARGE,
                    assertThrows(S3StoreException.class, () -> store.get(OBJECT, 1 << 20)).kind()));
        }
    }

    @Test
    void aServerThatIsSilentIsAskedAgainAndGivenUp() throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> Thread.sleep(5000));
                S3Store store = StoreUnderTest.asking(server.port(), QUICK)) {
            assertUnavailableWithin(Duration.ofSeconds(3), store);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Connection: keep-alive"})
    void aBodyThatDripsEndsAtTheBoundOnTime(String connection) throws Exception {
        try (ScriptedServer server = new ScriptedServer((n, out) -> {
            out.write("HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 10000\r\n\r\n".formatted(connection).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 100; i++) {
                out.write('x');
                out.flush();
                Thread.sleep(50);
            }
        }); S3Store store = StoreUnderTest.asking(server.port(), QUICK)) {
            assertUnavailableWithin(Duration.ofSeconds(3), store);
        }
    }

    private static void assertUnavailableWithin(Duration most, S3Store store) {
        long began = System.nanoTime();
        S3StoreException e = assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100_000));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertTrue(took.compareTo(most) < 0, took.toString());
    }

    @Test
    void halfOfTheCredentialsIsRefused() {
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> StoreUnderTest.asking(1, Map.of("s3.secret-access-key", "")));
        assertEquals("s3.access-key-id and s3.secret-access-key go together; give both or neither", e.getMessage());
    }

    @Test
    void withoutCredentialsNobodyIsAsked() throws Exception {
        assumeTrue(System.getenv().keySet().stream().noneMatch(name -> name.matches("AWS_(ACCESS_KEY|CONTAINER).*")),
                "this machine has credentials");
        assumeFalse(Files.exists(Path.of(System.getProperty("user.home"), ".aws")), "this machine has credentials");
        try (ScriptedServer server = new ScriptedServer((n, out) -> answer(out, 200, "", "x"));
                S3Store store = StoreUnderTest.asking(server.port(), Map.of("s3.access-key-id", "", "s3.secret-access-key", ""))) {
            S3StoreException e = assertThrows(S3StoreException.class, () -> store.get(OBJECT, 100));
            assertEquals(Kind.DENIED, e.kind());
            assertTrue(e.getMessage().startsWith("No credentials for S3 are found; set s3.access-key-id"), e.getMessage());
            assertEquals(0, server.requests());
        }
    }

    private static void answer(OutputStream out, int status, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        headers(out, status, headers + "Content-Length: " + bytes.length + "\r\n");
        out.write(bytes);
    }

    private static void headers(OutputStream out, int status, String headers) throws IOException {
        out.write(("HTTP/1.1 %d Status\r\nConnection: close\r\n%s\r\n".formatted(status, headers)).getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
