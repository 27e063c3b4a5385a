package dev.promptgate.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A page without a browser: reads server-sent events and keeps the newest of each section. */
final class EventStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> newest = new ConcurrentHashMap<>();
    private final Stream<String> lines;
    final HttpResponse<Stream<String>> response;
    private volatile boolean ended;

    EventStream(HttpClient http, String address) throws IOException, InterruptedException {
        response = http.send(HttpRequest.newBuilder(URI.create(address + "/api/events")).build(), HttpResponse.BodyHandlers.ofLines());
        lines = response.body();
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        String[] event = {""};
        try {
            lines.forEach(line -> {
                if (line.startsWith("event: ")) {
                    event[0] = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    newest.put(event[0], parse(line.substring("data: ".length())));
                }
            });
        } catch (UncheckedIOException e) {
            // the server closed the connection: that it has ended is all that tests ask for
        } finally {
            ended = true;
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last event of a section; missing if there was none. */
    JsonNode section(String name) {
        return newest.getOrDefault(name, JSON.missingNode());
    }

    int sections() {
        return newest.size();
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        lines.close();
    }
}
