package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.testing.TlsFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching over https from a server in this JVM, under names that no DNS knows. */
class ReferenceFetcherTest {
    private static final String HOST = "images.example.org";
    private static final String WITHOUT_CERTIFICATE = "uncertified.example.org";
    private static final String PRIVATE = "private.example.org";
    private static final Buffer IMAGE = Buffer.buffer(new byte[] {1, 2, 3, 4, 5});
    private static final int MAX_BYTES = 100_000;

    @TempDir
    private static Path folder;
    private static TlsFiles tls;
    private static Vertx vertx;
    private static HttpServer server;
    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeAll
    static void startServer() throws Exception {
        tls = TlsFiles.make(folder, "images", HOST, PRIVATE);
        vertx = Vertx.vertx();
        HttpServerOptions options = new HttpServerOptions().setSsl(true).setHost("127.0.0.1").setPort(0)
                .setKeyCertOptions(new PfxOptions().setPath(tls.keystore().toString()).setPassword(TlsFiles.PASSWORD));
        server = vertx.createHttpServer(options).requestHandler(ReferenceFetcherTest::answer).listen().await(10, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stopServer() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @BeforeEach
    void forget() {
        ASKED.clear();
    }

    private static void answer(HttpServerRequest request) {
        ASKED.add(request.authority() + request.uri());
        String path = request.path();
        if (path.startsWith("/status/")) {
            request.response().setStatusCode(Integer.parseInt(path.substring(8))).end();
        } else if (path.equals("/flaky") && ASKED.size() < 3) {
            request.response().setStatusCode(503).end();
        } else if (path.equals("/broken") && ASKED.size() < 2) {
            request.connection().close();
        } else if (path.equals("/to")) {
            request.response().setStatusCode(302).putHeader("Location", request.getParam("where")).end();
        } else if (path.equals("/circle")) {
            request.response().setStatusCode(301).putHeader("Location", "/circle").end();
        } else if (path.equals("/nowhere")) {
            request.response().setStatusCode(302).end();
        } else if (path.equals("/announced")) {
            request.response().putHeader("Content-Length", "1000000000").write(IMAGE);
        } else if (path.equals("/endless")) {
            request.response().setChunked(true);
            long timer = vertx.setPeriodic(1, tick -> request.response().write(Buffer.buffer(new byte[10_000])));
            request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        } else if (path.equals("/slow")) {
            request.response().setChunked(true);
            long timer = vertx.setPeriodic(50, tick -> request.response().write("x"));
            request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        } else if (!path.equals("/silent")) {
            request.response().end(path.equals("/empty") ? Buffer.buffer() : IMAGE);
        }
    }

    @Test
    void aFileIsFetchedFromTheAddressThatWasCheckedWithNameQueryAndCertificateOfTheHost() throws Exception {
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(reference("/a%20b.jpg?X-Signature=s3cr3t")));
        assertEquals(List.of(authority(HOST) + "/a%20b.jpg?X-Signature=s3cr3t"), List.copyOf(ASKED));
        assertEquals(1, registry.get("promptgate.references.fetches").tags("scheme", "https", "outcome", "fetched").counter().count());
        assertEquals(1, registry.get("promptgate.references.fetch.time").timer().count());
    }

    @Test
    void whatIsNotAsciiIsPercentEncoded() throws Exception {
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(reference("/\u00e4\u010a\u010d.jpg?q=\u00e4")));
        assertEquals(List.of(authority(HOST) + "/%C3%A4%C4%8A%C4%8D.jpg?q=%C3%A4"), List.copyOf(ASKED));
    }

    @Test
    void aCertificateOfAnotherNameOrAnUnknownAuthorityIsNotTrusted() {
        ImageReference other = new ImageReference(URI.create("https://" + authority(WITHOUT_CERTIFICATE) + "/1.jpg"), OptionalLong.empty(),
                Optional.empty());
        assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused(fetcher(Map.of("references.attempts", "1")), other).code());
        assertEquals(RejectionCode.REFERENCE_UNAVAILABLE,
                refused(fetcher(Map.of("references.attempts", "1", "references.trust-certificates", "")), reference("/1.jpg")).code());
        assertTrue(ASKED.isEmpty());
    }

    @Test
    void aRedirectToAListedHostIsFollowed() throws Exception {
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(reference("/to?where=/there.jpg")));
        assertArrayEquals(IMAGE.getBytes(),
                fetcher(Map.of()).fetch(reference("/to?where=https://" + authority(HOST) + "/there.jpg")));
    }

    @Test
    void aRedirectIsRefusedToPlainHttpFilesPrivateAddressesOtherHostsAndOtherSpellings() {
        for (String where : new String[] {"http://" + authority(HOST) + "/", "file:///etc/passwd", "https://127.0.0.1/",
                "https://169.254.169.254/latest/meta-data/", "https://other.example.org/", "https://user:s3cr3t@" + authority(HOST) + "/",
                "https://" + authority(PRIVATE) + "/", "https://2130706433/", "https://0x7f.1/", "//evil.example.net/",
                "javascript:alert(1)", "https://%25/", "https://" + HOST + ".:" + server.actualPort() + "/"}) {
            ASKED.clear();
            InvalidRecordException refused = refused(fetcher(Map.of()), reference("/to?where=" + where.replace("#", "%23")));
            assertEquals(RejectionCode.REFERENCE_REFUSED, refused.code(), where);
            assertFalse(refused.getMessage().contains("s3cr3t"), refused.getMessage());
            assertEquals(1, ASKED.size(), "asked where it was redirected to: " + where);
        }
    }

    @Test
    void redirectsInACircleEnd() {
        assertEquals(RejectionCode.REFERENCE_REFUSED, refused(fetcher(Map.of()), reference("/circle")).code());
        assertEquals(4, ASKED.size());
    }

    @Test
    void whatIsNotThereIsNotAskedForAgain() {
        for (int status : new int[] {400, 401, 403, 404, 410, 204, 206}) {
            ASKED.clear();
            InvalidRecordException refused = refused(fetcher(Map.of()), reference("/status/" + status + "?s3cr3t"));
            assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused.code());
            assertTrue(refused.getMessage().contains("answers " + status) && !refused.getMessage().contains("s3cr3t"),
                    refused.getMessage());
            assertEquals(1, ASKED.size());
        }
        assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused(fetcher(Map.of()), reference("/nowhere")).code());
    }

    @Test
    void aHostThatIsBusyOrBreaksOffIsAskedAgain() throws Exception {
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(reference("/flaky")));
        assertEquals(3, ASKED.size());
        assertEquals(2, registry.get("promptgate.references.retries").counter().count());
        ASKED.clear();
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(reference("/broken")));
        for (int status : new int[] {429, 500, 503}) {
            ASKED.clear();
            assertEquals(RejectionCode.REFERENCE_UNAVAILABLE,
                    refused(fetcher(Map.of("references.attempts", "2")), reference("/status/" + status)).code());
            assertEquals(2, ASKED.size());
        }
    }

    @Test
    void whatIsTooLargeIsCutOffWhetherItIsAnnouncedOrNot() {
        for (String path : new String[] {"/announced", "/endless"}) {
            assertEquals(RejectionCode.TOO_MANY_BYTES, refused(fetcher(Map.of()), reference(path)).code(), path);
        }
        ImageReference announced = new ImageReference(reference("/1.jpg").uri(), OptionalLong.of(MAX_BYTES + 1), Optional.empty());
        ASKED.clear();
        assertEquals(RejectionCode.TOO_MANY_BYTES, refused(fetcher(Map.of()), announced).code());
        assertTrue(ASKED.isEmpty(), "it was known to be too large");
    }

    @Test
    void aSlowOrSilentHostEndsAtTheTimeBound() {
        for (String path : new String[] {"/slow", "/silent"}) {
            long began = System.nanoTime();
            InvalidRecordException refused = refused(fetcher(Map.of("references.timeout", "700ms")), reference(path));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused.code());
            assertTrue(millis >= 300 && millis < 5_000, path + " took " + millis + " ms");
        }
    }

    @Test
    void anotherSizeOrDigestThanExpectedIsRefused() throws Exception {
        String digest = ImageIds.sha256(IMAGE.getBytes());
        URI uri = reference("/1.jpg").uri();
        assertArrayEquals(IMAGE.getBytes(), fetcher(Map.of()).fetch(new ImageReference(uri, OptionalLong.of(5), Optional.of(digest))));
        for (ImageReference wrong : List.of(new ImageReference(uri, OptionalLong.of(6), Optional.of(digest)),
                new ImageReference(uri, OptionalLong.of(5), Optional.of("0".repeat(64))))) {
            assertEquals(RejectionCode.REFERENCE_MISMATCH, refused(fetcher(Map.of()), wrong).code());
        }
        assertEquals(RejectionCode.EMPTY_VALUE, refused(fetcher(Map.of()), reference("/empty")).code());
    }

    @Test
    void aSchemeThatNobodyFetchesIsRefused() {
        for (String uri : new String[] {"ftp://images.example.org/1.jpg", "jar:file/x", "http://images.example.org/1.jpg"}) {
            ImageReference reference = new ImageReference(URI.create(uri.replace("jar:", "jar:/")), OptionalLong.empty(), Optional.empty());
            assertEquals(RejectionCode.REFERENCE_REFUSED, refused(fetcher(Map.of()), reference).code(), uri);
        }
        assertEquals(3, registry.get("promptgate.references.fetches").tags("scheme", "other", "outcome", "refused").counter().count());
    }

    private static InvalidRecordException refused(ReferenceFetcher fetcher, ImageReference reference) {
        return assertThrows(InvalidRecordException.class, () -> fetcher.fetch(reference), reference.toString());
    }

    private static ImageReference reference(String pathAndQuery) {
        return new ImageReference(URI.create("https://" + authority(HOST) + pathAndQuery), OptionalLong.empty(), Optional.empty());
    }

    private static String authority(String host) {
        return host + ":" + server.actualPort();
    }

    /** Only 127.0.0.1 counts as a public address here. */
    private ReferenceFetcher fetcher(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(Map.of("references.max-bytes", "" + MAX_BYTES, "references.trust-certificates",
                tls.certificate().toString(), "references.hosts", String.join(",", authority(HOST), authority(WITHOUT_CERTIFICATE),
                        authority(PRIVATE))));
        all.putAll(given);
        ReferenceSettings settings = SettingsOf.of(all);
        HostGuard guard = new HostGuard(settings.hosts(), address -> address.getHostAddress().equals("127.0.0.1"),
                (host, limits) -> new InetAddress[] {named(host)});
        return new ReferenceFetcher(List.of(new HttpsSource(vertx, settings, guard)), settings, new ReferenceMeters(registry));
    }

    private static InetAddress named(String host) throws UnknownHostException {
        return InetAddress.getByAddress(host, new byte[] {127, 0, 0, (byte) (host.equals(PRIVATE) ? 2 : 1)});
    }
}
