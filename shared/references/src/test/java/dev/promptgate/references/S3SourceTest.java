package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who tries again, and for how long, when S3 is busy, silent, slow or says no: answers that no well-behaved server can be made to give. */
class S3SourceTest {
    private static final byte[] IMAGE = {1, 2, 3, 4, 5};
    private static final ImageReference REFERENCE = new ImageReference(URI.create("s3://photos/1.jpg"), OptionalLong.empty(),
            Optional.empty());

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void theFetcherAloneTriesAgain() throws Exception {
        answers(exchange -> {
            if (asked.get() < 3) {
                error(exchange, 503, "SlowDown");
            } else {
                answer(exchange, 200, IMAGE);
            }
        });
        try (ReferenceFetcher fetcher = fetcher(Map.of("s3.attempts", "9"))) {
            assertArrayEquals(IMAGE, fetcher.fetch(REFERENCE));
        }
        assertEquals(3, asked.get());
        assertEquals(2, registry.get("promptgate.references.retries").counter().count());
    }

    @Test
    void aStoreThatStaysBusyIsGivenUpAfterTheFetchersAttempts() {
        answers(exchange -> error(exchange, 503, "SlowDown"));
        try (ReferenceFetcher fetcher = fetcher(Map.of("references.attempts", "2", "s3.attempts", "9"))) {
            String message = refused(fetcher).getMessage();
            assertTrue(message.endsWith("status: 503, code: SlowDown], after 2 of 2 attempts]"), message);
        }
        assertEquals(2, asked.get());
    }

    @Test
    void aTransferThatBreaksOffIsTriedAgain() throws Exception {
        answers(exchange -> {
            if (asked.get() == 1) {
                exchange.sendResponseHeaders(200, IMAGE.length);
                exchange.getResponseBody().write(IMAGE, 0, 2);
                exchange.getResponseBody().flush();
                throw new IOException("breaks off");
            }
            answer(exchange, 200, IMAGE);
        });
        try (ReferenceFetcher fetcher = fetcher(Map.of())) {
            assertArrayEquals(IMAGE, fetcher.fetch(REFERENCE));
        }
        assertEquals(2, asked.get());
    }

    @Test
    void whatTheCredentialsDoNotAllowIsNotAskedForAgain() {
        answers(exchange -> error(exchange, 403, "AccessDenied"));
        try (ReferenceFetcher fetcher = fetcher(Map.of())) {
            String message = refused(fetcher).getMessage();
            assertTrue(message.contains("S3 does not allow this; check the credentials and their rights"), message);
            assertFalse(message.contains("hush") || message.contains("tester"), message);
        }
        assertEquals(1, asked.get());
    }

    @Test
    void aSilentStoreIsAskedAgainAndEndsAtTheTimeBound() {
        answers(exchange -> await(over));
        assertEndsInTime(Map.of("references.timeout", "1200ms", "references.attempts", "2"));
        assertEquals(2, asked.get(), "half of the time each, and a pause");
    }

    @Test
    void aStoreThatDripsEndsAtTheTimeBound() {
        answers(this::drip);
        assertEndsInTime(Map.of("references.timeout", "1200ms", "references.attempts", "2"));
        assertEquals(1, asked.get(), "it never was silent");
    }

    @Test
    void aStopIsNoReasonToRejectTheRecord() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        answers(exchange -> {
            begun.countDown();
            drip(exchange);
        });
        try (ReferenceFetcher fetcher = fetcher(Map.of("references.attempts", "1"))) {
            Future<InterruptedException> fetch = threads.submit(() -> {
                Thread fetching = Thread.currentThread();
                threads.execute(() -> {
                    await(begun);
                    pause(); // the body has begun, too
                    fetching.interrupt();
                });
                return assertThrows(InterruptedException.class, () -> fetcher.fetch(REFERENCE));
            });
            fetch.get(5, TimeUnit.SECONDS);
        }
    }

    private void assertEndsInTime(Map<String, String> settings) {
        long began = System.nanoTime();
        try (ReferenceFetcher fetcher = fetcher(settings)) {
            refused(fetcher);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.toMillis() >= 1000 && took.toMillis() < 5000, took.toString());
    }

    private static InvalidRecordException refused(ReferenceFetcher fetcher) {
        InvalidRecordException refused = assertThrows(InvalidRecordException.class, () -> fetcher.fetch(REFERENCE));
        assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused.code());
        return refused;
    }

    private void answers(HttpHandler handler) {
        server.createContext("/photos/1.jpg", exchange -> {
            asked.incrementAndGet();
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 10_000);
        for (int i = 0; i < 100 && over.getCount() > 0; i++) { // 5 s
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            pause();
        }
    }

    private void pause() {
        try {
            over.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        answer(exchange, status, "<Error><Code>%s</Code><Message>hush-hush</Message></Error>".formatted(code)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private ReferenceFetcher fetcher(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(Map.of("references.s3-buckets", "photos", "s3.endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort(), "s3.path-style", "true", "s3.access-key-id", "tester",
                "s3.secret-access-key", "hush-hush"));
        all.putAll(given);
        ReferenceSettings settings = SettingsOf.of(all);
        return new ReferenceFetcher(List.of(S3Source.of(settings)), settings, new ReferenceMeters(registry));
    }
}
