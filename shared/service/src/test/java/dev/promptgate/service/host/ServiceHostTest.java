package dev.promptgate.service.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxOptions;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ServiceHostTest {
    private final SettingsValues settings = new SettingsCatalogue(HttpSettings.ALL.all(), List.of(), key -> true)
            .resolve(SettingsSources.of(Map.of("http.port", "0")));

    /** A verticle that notes whether it was stopped. */
    private static final class Quiet extends VerticleBase {
        private final AtomicBoolean stopped;

        Quiet(AtomicBoolean stopped) {
            this.stopped = stopped;
        }

        @Override
        public Future<?> stop() {
            return vertx.timer(100).onSuccess(done -> stopped.set(true));
        }
    }

    @Test
    void servesMetricsAndHealthWhileItRuns() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicBoolean caughtUp = new AtomicBoolean();
        try (ServiceHost host = new ServiceHost(settings)) {
            new Meters(host.registry()).counter(new MeterSpec("promptgate.test.events", MeterSpec.Kind.COUNTER, "events")).increment();
            host.readiness().register("caught-up", caughtUp::get);
            host.start(() -> new Quiet(stopped)).await();
            assertTrue(get(host, "/metrics").body().contains("promptgate_test_events_total 1.0"));
            assertEquals(200, get(host, "/health/live").statusCode());
            assertEquals(503, get(host, "/health/ready").statusCode());
            assertTrue(get(host, "/metrics").body().contains("promptgate_service_ready{condition=\"caught-up\"} 0.0"));
            caughtUp.set(true);
            assertEquals(200, get(host, "/health/ready").statusCode());
            assertTrue(get(host, "/metrics").body().contains("promptgate_service_ready{condition=\"caught-up\"} 1.0"));
            host.fail(new IllegalStateException("broken"));
            assertEquals(503, get(host, "/health/ready").statusCode());
            assertTrue(get(host, "/health/ready").body().contains("no-failure"));
            assertEquals(404, get(host, "/nothing").statusCode());
            try (Socket socket = new Socket("127.0.0.1", host.port())) { // by a name that was made to lead here
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: evil.example.net\r\nConnection: close\r\n\r\n".getBytes(
                        StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
            }
        }
        assertTrue(stopped.get(), "closing waits for the verticles");
    }

    @Test
    void anEventLoopThatIsBlockedIsMeasured() {
        try (ServiceHost host = new ServiceHost(settings)) {
            Timer delay = host.registry().get(HostMeters.EVENT_LOOP_DELAY.name()).timer();
            Awaitility.await().until(() -> delay.count() > 0);
            for (int loop = 0; loop < VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE; loop++) { // a new context each: every event loop has its
                                                                                           // turn
                host.vertx().deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() throws Exception {
                        TimeUnit.SECONDS.sleep(1);
                        return Future.succeededFuture();
                    }
                });
            }
            Awaitility.await().until(() -> delay.max(TimeUnit.MILLISECONDS) > 400);
        }
    }

    @Test
    void workThatStandsStillIsNamedAndTheServiceNotLiveUntilItGoesOn() throws Exception {
        AtomicLong nanos = new AtomicLong();
        try (ServiceHost host = new ServiceHost(settings, ServiceHost.IDLE_TIME, nanos::get)) {
            host.start().await();
            Activity update = host.watchdog().activity("update");
            Activity reading = host.watchdog().activity("reading");
            update.begins();
            reading.steps();
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(29));
            reading.steps();
            update.begins(); // says nothing new
            assertEquals(200, get(host, "/health/live").statusCode());
            assertTrue(get(host, "/metrics").body().contains("promptgate_service_still{activity=\"update\"} 1740.0"));
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
            HttpResponse<String> live = get(host, "/health/live");
            assertEquals(503, live.statusCode());
            assertTrue(live.body().matches("\\{\"status\":\"DOWN\",\"checks\":\\[\\{\"id\":\"update\",\"status\":\"DOWN\","
                    + "\"data\":\\{\"detail\":\"stands still since [-0-9T:.Z]+\"}}]}"), live.body());
            update.steps();
            assertEquals(200, get(host, "/health/live").statusCode());
            update.rests();
            reading.rests();
            nanos.addAndGet(TimeUnit.DAYS.toNanos(1));
            assertEquals(200, get(host, "/health/live").statusCode(), "there is nothing to do");
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        assertTrue(ServiceHost.IDLE_TIME.toSeconds() > 60, "Prometheus may scrape once a minute");
        try (ServiceHost host = new ServiceHost(settings, Duration.ofMillis(300), System::nanoTime)) {
            host.start().await();
            try (Socket silent = new Socket("127.0.0.1", host.port())) {
                silent.setSoTimeout(20_000);
                assertEquals(-1, silent.getInputStream().read());
            }
        }
    }

    /** Vert.x makes a folder for what it finds there, which is left behind when the process is killed. */
    @Test
    void filesAreNotLookedForInTheClassPath() {
        try (ServiceHost host = new ServiceHost(settings)) {
            assertTrue(ServiceHost.class.getClassLoader().getResource("META-INF/MANIFEST.MF") != null);
            assertFalse(host.vertx().fileSystem().existsBlocking("META-INF/MANIFEST.MF"));
        }
    }

    @Test
    void aVerticleThatDoesNotStartFailsTheStart() {
        try (ServiceHost host = new ServiceHost(settings)) {
            Future<Void> start = host.start(() -> new VerticleBase() {
                @Override
                public Future<?> start() {
                    return Future.failedFuture(new IllegalStateException("no topic"));
                }
            });
            assertEquals("no topic", assertThrows(IllegalStateException.class, start::await).getMessage());
        }
    }

    @Test
    void itIsLiveButNotReadyWhileVerticlesStart() throws Exception {
        Promise<Void> gate = Promise.promise();
        try (ServiceHost host = new ServiceHost(settings)) {
            host.readiness().register("restored", () -> false, () -> "63%");
            Future<Void> start = host.start(() -> new VerticleBase() {
                @Override
                public Future<?> start() {
                    return gate.future();
                }
            });
            Awaitility.await().until(() -> host.port() != 0);
            assertEquals(200, get(host, "/health/live").statusCode());
            assertEquals(503, get(host, "/health/ready").statusCode());
            assertEquals("""
                    {"status":"DOWN","checks":[{"id":"deployed","status":"DOWN"},{"id":"no-failure","status":"UP"},\
                    {"id":"restored","status":"DOWN","data":{"detail":"63%"}}]}""", get(host, "/health/ready").body());
            gate.complete();
            start.await();
        }
    }

    @Test
    void aPortThatIsTakenEndsTheStartBeforeAnyVerticle() {
        AtomicBoolean begun = new AtomicBoolean();
        try (ServiceHost first = new ServiceHost(settings)) {
            first.start().await();
            SettingsValues same = new SettingsCatalogue(HttpSettings.ALL.all(), List.of(), key -> true)
                    .resolve(SettingsSources.of(Map.of("http.port", Integer.toString(first.port()))));
            try (ServiceHost second = new ServiceHost(same)) {
                Future<Void> start = second.start(() -> new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        begun.set(true);
                        return Future.succeededFuture();
                    }
                });
                assertThrows(Exception.class, start::await);
                assertFalse(begun.get());
            }
        }
    }

    private static HttpResponse<String> get(ServiceHost host, String path) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
