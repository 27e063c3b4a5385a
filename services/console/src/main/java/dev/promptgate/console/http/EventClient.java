package dev.promptgate.console.http;

import dev.promptgate.console.state.Section;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.Map;

/**
 * One page that is kept up to date. What it has not taken yet waits here, of each section only the newest: so the queue is bounded, and a
 * page that was slow for a moment misses nothing. Event loop only.
 */
final class EventClient {
    private static final int QUEUE_BYTES = 256 << 10;
    private static final Buffer HEARTBEAT = Buffer.buffer(": \n\n");

    private final HttpServerResponse response;
    private final Map<Section, Buffer> waiting = new EnumMap<>(Section.class);
    private long stuckSince;

    EventClient(HttpServerResponse response) {
        this.response = response;
        response.setWriteQueueMaxSize(QUEUE_BYTES).drainHandler(drained -> flush());
    }

    void send(Map<Section, Buffer> events) {
        waiting.putAll(events);
        flush();
    }

    private void flush() {
        while (!waiting.isEmpty() && !response.writeQueueFull() && !response.closed()) {
            Section next = waiting.keySet().iterator().next();
            response.write(waiting.remove(next));
        }
        stuckSince = !response.writeQueueFull() ? 0 : stuckSince == 0 ? System.nanoTime() : stuckSince;
    }

    /** A comment, so that proxies and the page itself see that the connection lives. */
    void heartbeat() {
        if (!response.writeQueueFull() && !response.closed()) {
            response.write(HEARTBEAT);
        }
    }

    /** How long the page has taken nothing, though something is there for it. */
    long stuckNanos() {
        return stuckSince == 0 || !response.writeQueueFull() ? 0 : System.nanoTime() - stuckSince;
    }

    void close() {
        response.reset();
    }
}
