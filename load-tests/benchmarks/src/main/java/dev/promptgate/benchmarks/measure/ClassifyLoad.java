package dev.promptgate.benchmarks.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Asks a classifier over HTTP, one request a connection at a time. Blocking; closed by whoever makes it. */
public final class ClassifyLoad implements AutoCloseable {
    /**
     * One request.
     *
     * @param dueNanos when it should have been sent; a late client's delay counts as the service's
     * @param version that answered; -1 if it failed
     * @param failure empty if it was answered
     */
    public record Answer(long dueNanos, long sentNanos, long endNanos, long version, String failure) {}

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String token;
    private final List<byte[]> files;
    private final int connections;
    private final ExecutorService threads;

    public ClassifyLoad(URI base, String token, List<byte[]> files, int connections) {
        this.base = base;
        this.token = token;
        this.files = List.copyOf(files);
        this.connections = connections;
        threads = Executors.newFixedThreadPool(connections, task -> new Thread(task, "bench-client"));
    }

    /** {@code GET /v1/prompt}; null while the classifier does not know it. */
    public JsonNode prompt() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request("/v1/prompt").GET().build(), BodyHandlers.ofString());
        if (response.statusCode() == 503) {
            return null;
        }
        if (response.statusCode() != 200) {
            throw new IOException(
                    "The classifier does not tell its prompt [status: %d, answer: %s]".formatted(response.statusCode(), response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** As many requests as it can answer. */
    public List<Answer> saturate(int count) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        return run(() -> next.getAndIncrement() < count ? System.nanoTime() : -1);
    }

    /** So many requests a second for a time. */
    public List<Answer> steady(double rate, double seconds) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long began = System.nanoTime();
        int count = (int) Math.max(1, rate * seconds);
        return run(() -> {
            int i = next.getAndIncrement();
            return i < count ? began + (long) (i / rate * 1e9) : -1;
        });
    }

    /** @param schedule when the next request is due, {@link System#nanoTime}; -1 when there is none left */
    private List<Answer> run(LongSupplier schedule) throws InterruptedException {
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        Callable<Void> client = () -> {
            for (long due = schedule.getAsLong(); due >= 0; due = schedule.getAsLong()) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                answers.add(ask(due, files.get(answers.size() % files.size())));
            }
            return null;
        };
        for (Future<Void> done : threads.invokeAll(Collections.nCopies(connections, client))) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The load could not be sent: " + e.getCause(), e.getCause());
            }
        }
        return List.copyOf(answers);
    }

    private Answer ask(long due, byte[] file) throws InterruptedException {
        long sent = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(
                    request("/v1/classify?top=1").header("Content-Type", "image/jpeg").POST(BodyPublishers.ofByteArray(file)).build(),
                    BodyHandlers.ofString());
            long end = System.nanoTime();
            if (response.statusCode() != 200) {
                return new Answer(due, sent, end, -1, "status " + response.statusCode());
            }
            return new Answer(due, sent, end, JSON.readTree(response.body()).at("/prompt/version").asLong(-1), "");
        } catch (IOException e) {
            return new Answer(due, sent, System.nanoTime(), -1, e.toString());
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
