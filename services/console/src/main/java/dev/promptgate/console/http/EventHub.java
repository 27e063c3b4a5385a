package dev.promptgate.console.http;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleMeters.DropReason;
import dev.promptgate.console.state.Section;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps pages up to date by server-sent events: every section when a page connects, then each that changes. A page that takes nothing for
 * 20 seconds is let go; its browser connects again and gets everything. Event loop only.
 */
public final class EventHub {
    private static final long HEARTBEAT_MILLIS = 15_000;
    public static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Problem TOO_MANY = Problem.of(503, "Too many pages are open; close one, or raise console.max-clients")
            .with("Retry-After", "10");

    private final int maxClients;
    private final long patienceNanos;
    private final ConsoleMeters meters;
    private final Map<Section, String> latest = new EnumMap<>(Section.class);
    private final Map<Section, Buffer> events = new EnumMap<>(Section.class);
    private final Set<EventClient> clients = new LinkedHashSet<>();
    private long sent;

    /** @param maxClients pages at once */
    public EventHub(Vertx vertx, int maxClients, Duration patience, ConsoleMeters meters) {
        this.maxClients = maxClients;
        this.meters = meters;
        patienceNanos = patience.toNanos();
        vertx.setPeriodic(HEARTBEAT_MILLIS, id -> clients.forEach(EventClient::heartbeat)); // ends with the verticle
        vertx.setPeriodic(patience.toMillis() / 4, id -> letGoOfSlowOnes());
    }

    /** Sections, as JSON, that changed. */
    public void publish(Map<Section, String> sections) {
        if (sections.isEmpty()) {
            return;
        }
        latest.putAll(sections);
        Map<Section, Buffer> news = new EnumMap<>(Section.class);
        sections.forEach((section, json) -> news.put(section,
                Buffer.buffer("id: %d\nevent: %s\ndata: %s\n\n".formatted(++sent, section.wireName(), json))));
        events.putAll(news);
        List.copyOf(clients).forEach(client -> client.send(news));
    }

    /** All sections as one JSON object. */
    public String state() {
        return latest.entrySet().stream().map(e -> "\"" + e.getKey().wireName() + "\":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    public void connect(RoutingContext context) {
        if (clients.size() >= maxClients) {
            meters.increment(ConsoleMeters.DROPPED, DropReason.OVERLOAD);
            throw TOO_MANY.exception();
        }
        HttpServerResponse response = context.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader("X-Accel-Buffering", "no"); // nginx would hold the events back
        EventClient client = new EventClient(response);
        response.closeHandler(closed -> leave(client)).exceptionHandler(broken -> leave(client));
        clients.add(client);
        meters.set(ConsoleMeters.CLIENTS, clients.size());
        response.write("retry: 2000\n\n");
        client.send(events);
    }

    private void leave(EventClient client) {
        clients.remove(client);
        meters.set(ConsoleMeters.CLIENTS, clients.size());
    }

    private void letGoOfSlowOnes() {
        for (EventClient client : List.copyOf(clients)) {
            if (client.stuckNanos() > patienceNanos) {
                meters.increment(ConsoleMeters.DROPPED, DropReason.SLOW);
                leave(client);
                client.close();
            }
        }
    }

    /** Lets all pages go; they come back when there is a server again. */
    public void close() {
        List.copyOf(clients).forEach(EventClient::close);
    }
}
