package dev.promptgate.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A classifier in this JVM, asked over HTTP. */
final class RunningClassifier implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    final ServiceHost host;
    final ClassifierVerticle verticle;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningClassifier(ServiceHost host, ClassifierVerticle verticle) {
        this.host = host;
        this.verticle = verticle;
    }

    static RunningClassifier start(Rollouts rollouts, ClipModel model, Map<String, String> settings) {
        return start(rollouts.clients, rollouts.topics, model, settings);
    }

    static RunningClassifier start(KafkaClients clients, TopicNames topics, ClipModel model, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("http.port", "0", "classifier.port", "0"));
        all.putAll(settings);
        List<Setting<?>> known = Stream
                .of(KafkaSettings.ALL.all(), PromptSettings.ALL.all(), TrustSettings.ALL.all(), HttpSettings.ALL.all(),
                        ApiSettings.ALL.all(),
                        ClassifierSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        SettingsValues values = new SettingsCatalogue(known, List.of(), key -> true).resolve(new SettingsSources(all, Map.of(), Map.of()));
        ServiceHost host = new ServiceHost(values);
        ClassifierVerticle verticle = new ClassifierVerticle(values, clients, topics, model, host);
        host.start(() -> verticle).await();
        return new RunningClassifier(host, verticle);
    }

    RunningClassifier ready() {
        Awaitility.await().atMost(LIMIT).until(() -> send(get("/v1/prompt")).statusCode() == 200);
        return this;
    }

    void awaitVersion(long version) {
        Awaitility.await().atMost(LIMIT).until(() -> json(get("/v1/prompt")).getLong("version") == version);
    }

    int port() {
        return URI.create(verticle.address()).getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port(), path))).timeout(LIMIT);
    }

    HttpRequest.Builder get(String path) {
        return request(path).GET();
    }

    HttpRequest.Builder post(String path, String contentType, byte[] body) {
        return request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }

    JsonObject json(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request);
        assertEquals(200, response.statusCode(), response::body);
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        return new JsonObject(response.body());
    }

    JsonObject problem(int status, HttpRequest.Builder request) throws IOException, InterruptedException {
        return problem(status, send(request));
    }

    static JsonObject problem(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response::body);
        assertEquals(Problem.CONTENT_TYPE, response.headers().firstValue("Content-Type").orElseThrow());
        JsonObject problem = new JsonObject(response.body());
        assertEquals(status, problem.getInteger("status"));
        assertFalse(problem.getString("title").isBlank());
        assertFalse(problem.getString("detail").isBlank());
        for (String inside : List.of("Exception", "java.", "dev.promptgate", "io.vertx", "io.netty", "\tat ", "null")) {
            assertFalse(problem.getString("detail").contains(inside), response::body);
        }
        return problem;
    }

    String scrape() {
        return host.registry().scrape();
    }

    @Override
    public void close() {
        host.close();
    }
}
