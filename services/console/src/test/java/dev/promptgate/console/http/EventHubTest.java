package dev.promptgate.console.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleMeters.DropReason;
import dev.promptgate.console.state.Section;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.api.ApiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LARGE = "\"" + "x".repeat(4 << 20) + "\"";

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private EventHub hub;
    private HttpServer server;
    private Context context;

    @BeforeEach
    void open() throws Exception {
        Router router = ApiServer.router(vertx);
        context = vertx.getOrCreateContext();
        server = Future.<HttpServer>future(promise -> context.runOnContext(run -> {
            hub = new EventHub(vertx, 2, Duration.ofSeconds(1), new ConsoleMeters(registry));
            router.get("/api/events").handler(hub::connect);
            vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").onComplete(promise);
        })).await(10, TimeUnit.SECONDS);
        context.runOnContext(run -> hub.publish(Map.of(Section.GATE, "{}")));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 << 10); // else the system takes megabytes before anybody reads
        socket.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        socket.getOutputStream().write("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private double clients() {
        return registry.get(ConsoleMeters.CLIENTS.name()).gauge().value();
    }

    private double dropped(DropReason reason) {
        return registry.get(ConsoleMeters.DROPPED.name()).tag("reason", WireName.of(reason)).counter().count();
    }

    @Test
    void aPageThatTakesNothingIsLetGoAndCounted() throws Exception {
        try (Socket stuck = connect(); Socket reading = connect()) {
            await().atMost(LIMIT).until(() -> clients() == 2);
            Thread drain = new Thread(() -> drain(reading));
            drain.setDaemon(true);
            drain.start();
            for (Section section : Section.values()) {
                context.runOnContext(run -> hub.publish(Map.of(section, LARGE)));
            }
            await().atMost(LIMIT).until(() -> dropped(DropReason.SLOW) == 1);
            assertEquals(1, clients(), "the one that reads stays");
            drain(stuck); // ends, since the connection does
        }
    }

    private static void drain(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // closed at the end of the test
        }
    }

    @Test
    void aPageThatWasSlowForAMomentGetsTheNewestOfEachSection() throws Exception {
        try (Socket page = connect()) {
            await().atMost(LIMIT).until(() -> clients() == 1);
            context.runOnContext(run -> {
                hub.publish(Map.of(Section.CLASSES, LARGE)); // more than the socket takes at once
                for (int i = 0; i < 10_000; i++) {
                    hub.publish(Map.of(Section.FLOW, Integer.toString(i)));
                }
            });
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[1 << 16];
            while (text.indexOf("data: 9999\n") < 0) {
                text.append(new String(buffer, 0, page.getInputStream().read(buffer), StandardCharsets.US_ASCII));
            }
            assertTrue(text.indexOf("event: flow") > text.indexOf("event: classes") && !text.toString().contains("data: 5000\n"),
                    "what was overtaken is not sent");
        }
    }

    @Test
    void tooManyPagesAreRefusedWithAProblem() throws Exception {
        try (Socket first = connect(); Socket second = connect()) {
            await().atMost(LIMIT).until(() -> clients() == 2);
            try (Socket third = connect()) {
                String answer = new String(third.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                assertEquals("HTTP/1.1 503", answer);
            }
            assertEquals(1, dropped(DropReason.OVERLOAD));
            first.close();
            await().atMost(LIMIT).until(() -> clients() == 1);
        }
    }
}
