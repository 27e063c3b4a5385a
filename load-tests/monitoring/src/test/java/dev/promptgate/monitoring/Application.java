package dev.promptgate.monitoring;

import dev.promptgate.bundled.SampleStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks a classifier about the sample's images, four times a second: about the classes of the live prompt and about two that it names itself
 * by turns.
 */
final class Application implements AutoCloseable {
    private static final List<String> QUESTIONS = List.of("/v1/classify?top=3", "/v1/classify?class=apple&class=hammer&zero_shot=true");
    private static final long EVERY_MILLIS = 250;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final String address;
    private final String token;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    private Application(String address, String token) {
        this.address = address;
        this.token = token;
    }

    static Application start(String address, String token) {
        Application application = new Application(address, token);
        application.scheduler.scheduleWithFixedDelay(application::ask, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return application;
    }

    private void ask() {
        int count = asked.getAndIncrement();
        SampleStream.Entry image = SampleStream.entries().get(count % SampleStream.entries().size());
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + QUESTIONS.get(count % QUESTIONS.size())))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "image/jpeg").POST(HttpRequest.BodyPublishers.ofByteArray(SampleStream.bytes(image))).build();
        try {
            if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == HttpURLConnection.HTTP_OK) {
                answered.incrementAndGet();
            }
        } catch (IOException e) {
            // Not an answer; the number of answers tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Requests that got what they asked for. */
    int answered() {
        return answered.get();
    }

    @Override
    public void close() throws InterruptedException {
        scheduler.shutdownNow();
        scheduler.awaitTermination(10, TimeUnit.SECONDS);
    }
}
