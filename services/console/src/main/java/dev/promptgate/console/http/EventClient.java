package dev.promptgate.console.http;

import dev.promptgate.console.state.Section;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.Map;

/**
 * One page that is kept up to date. What it has not taken yet waits here, of each section only the newest: so the queue is bounded, and a
 * page that was slow for a moment misses nothing. Bytes are counted here, since Vert.x counts messages. Event loop only.
 */
final class EventClient {
    private static final int MOST_UNDER_WAY = 256 << 10;
    private static final Buffer HEARTBEAT = Buffer.buffer(": \n\n");

    private final HttpServerResponse response;
    private final Map<Section, Buffer> waiting = new EnumMap<>(Section.class);
    private long underWay;
    private long lastTakenNanos = System.nanoTime();

    EventClient(HttpServerResponse response) {
        this.response = response;
    }

    void send(Map<Section, Buffer> events) {
        waiting.putAll(events);
        flush();
    }

    private void flush() {
        while (!waiting.isEmpty() && underWay < MOST_UNDER_WAY && !response.closed()) {
            write(waiting.remove(waiting.keySet().iterator().next()));
        }
    }

    private void write(Buffer event) {
        if (underWay == 0) {
            lastTakenNanos = System.nanoTime(); // it has not had anything to take
        }
        underWay += event.length();
        response.write(event).onSuccess(done -> {
            underWay -= event.length();
            lastTakenNanos = System.nanoTime();
            flush();
        });
    }

    /** A comment, so that proxies and the page itself see that the connection lives. */
    void heartbeat() {
        if (underWay < MOST_UNDER_WAY && !response.closed()) {
            write(HEARTBEAT);
        }
    }

    /** How long the page has taken nothing, though something is there for it. */
    long stuckNanos() {
        return underWay == 0 ? 0 : System.nanoTime() - lastTakenNanos;
    }

    void close() {
        response.reset();
    }
}
