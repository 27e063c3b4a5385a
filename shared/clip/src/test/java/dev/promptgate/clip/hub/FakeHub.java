package dev.promptgate.clip.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.promptgate.clip.digest.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * Two servers on loopback that behave as Hugging Face's hub does: it redirects to another host for large files, tells their size and
 * SHA-256 itself, knows ranges, and now and then says that one should come again.
 */
final class FakeHub implements AutoCloseable {
    /** What one answer does instead of answering. */
    enum Mishap {
        CUT_AT_60_PERCENT, TOO_MANY_REQUESTS, UNAVAILABLE, GONE, EXPIRED
    }

    /** @param token empty if none was sent */
    record Request(boolean isFromHub, String path, String range, String token) {}

    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    final Map<String, String> checksums = new ConcurrentHashMap<>();
    /** Where a path is to be asked for instead. */
    final Map<String, String> moved = new ConcurrentHashMap<>();
    /** Content-Type by path; none for others. */
    final Map<String, String> types = new ConcurrentHashMap<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    volatile String commit = "0123";
    final Deque<Mishap> mishaps = new ArrayDeque<>();
    private final HttpServer hub;
    private final HttpServer storage;

    FakeHub() throws IOException {
        hub = start(this::redirect);
        storage = start(this::send);
    }

    private static HttpServer start(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    void put(String repository, String revision, String file, byte[] content) {
        files.put("/%s/resolve/%s/%s".formatted(repository, revision.replace("/", "%2F"), file), content);
    }

    private void redirect(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        note(exchange, true);
        exchange.getResponseHeaders().add("X-Repo-Commit", commit);
        if (moved.containsKey(path)) {
            exchange.getResponseHeaders().add("Location", moved.get(path));
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        } else if (refusals.containsKey(path) || !files.containsKey(path)) {
            exchange.sendResponseHeaders(refusals.getOrDefault(path, 404), -1);
            exchange.close();
        } else if (path.endsWith(".json") || path.endsWith(".txt")) {
            exchange.getResponseHeaders().add("ETag", "\"" + Arrays.hashCode(files.get(path)) + "\"");
            Optional.ofNullable(types.get(path)).ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
            answer(exchange, files.get(path));
        } else {
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + checksums.getOrDefault(path, Sha256.hex(files.get(path))) + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(files.get(path).length));
            exchange.getResponseHeaders().add("Location", "http://localhost:%d/stored%s".formatted(storage.getAddress().getPort(), path));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        }
    }

    private void send(HttpExchange exchange) throws IOException {
        note(exchange, false);
        byte[] content = files.get(exchange.getRequestURI().getRawPath().substring("/stored".length()));
        Mishap mishap;
        synchronized (mishaps) {
            mishap = mishaps.poll();
        }
        if (mishap == Mishap.TOO_MANY_REQUESTS || mishap == Mishap.UNAVAILABLE) {
            exchange.getResponseHeaders().add("Retry-After",
                    mishap == Mishap.UNAVAILABLE ? "Wed, 21 Oct 2015 07:28:00 GMT" : "0");
            exchange.sendResponseHeaders(mishap == Mishap.UNAVAILABLE ? 503 : 429, -1);
        } else if (mishap == Mishap.GONE || mishap == Mishap.EXPIRED) {
            exchange.sendResponseHeaders(mishap == Mishap.GONE ? 404 : 403, -1);
        } else if (mishap == Mishap.CUT_AT_60_PERCENT) {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, content.length * 6 / 10);
            exchange.getResponseBody().flush();
        } else {
            answer(exchange, content);
            return;
        }
        exchange.close();
    }

    private static void answer(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        exchange.getResponseBody().write(content, from, content.length - from);
        exchange.close();
    }

    private void note(HttpExchange exchange, boolean isFromHub) {
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(new Request(isFromHub, exchange.getRequestURI().toString(), range == null ? "" : range, token == null ? "" : token));
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }
}
