package dev.promptgate.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.Multipart;
import dev.promptgate.testing.TestBroker;
import io.vertx.core.json.JsonObject;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Ingest in this JVM with topics of its own, asked over HTTP. */
final class RunningIngest implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    final KafkaClients clients;
    final TopicNames topics;
    final ServiceHost host;
    private final IngestVerticle verticle;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningIngest(TestBroker broker, Map<String, String> settings) throws Exception {
        this(new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 2 << 20), new TopicNames(broker.uniquePrefix()),
                settings);
    }

    private RunningIngest(KafkaClients clients, TopicNames topics, Map<String, String> settings) throws Exception {
        this.clients = clients;
        this.topics = topics;
        createTopics();
        Map<String, String> all = new HashMap<>(Map.of("http.port", "0", "ingest.port", "0", "images.max-bytes", "100000"));
        all.putAll(settings);
        SettingsValues values = values(all);
        host = new ServiceHost(values);
        verticle = new IngestVerticle(values, clients, topics, host);
        host.start(() -> verticle).await();
    }

    /** A second instance on the same topics. */
    RunningIngest another() throws Exception {
        return new RunningIngest(clients, topics, Map.of());
    }

    static SettingsValues values(Map<String, String> settings) {
        List<Setting<?>> known = Stream.of(KafkaSettings.ALL.all(), HttpSettings.ALL.all(), ApiSettings.ALL.all(), IngestSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        return new SettingsCatalogue(known, List.of(), key -> true).resolve(new SettingsSources(settings, Map.of(), Map.of()));
    }

    void createTopics() throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 2, (short) 1, 1 << 20), true);
        }
    }

    int port() {
        return URI.create(verticle.address()).getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port(), path))).timeout(LIMIT);
    }

    HttpRequest.Builder post(Multipart form) {
        return request("/v1/labels").header("Content-Type", Multipart.TYPE).POST(BodyPublishers.ofByteArray(form.bytes()));
    }

    HttpRequest.Builder event(String json) {
        return request("/v1/label-studio").header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }

    JsonObject accepted(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = send(request);
        assertEquals(202, response.statusCode(), response::body);
        return new JsonObject(response.body());
    }

    String problem(int status, HttpRequest.Builder request) throws Exception {
        return problem(status, send(request));
    }

    static String problem(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response::body);
        assertEquals(Problem.CONTENT_TYPE, response.headers().firstValue("Content-Type").orElseThrow());
        String detail = new JsonObject(response.body()).getString("detail");
        for (String inside : List.of("Exception", "java.", "dev.promptgate", "io.vertx", "io.netty", "null")) {
            assertFalse(detail.contains(inside), detail);
        }
        return detail;
    }

    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (TopicLog log = new TopicLog(clients)) {
            return log.read(topic);
        }
    }

    /** The value of a counter in the scrape. */
    double counter(String name) {
        return host.registry().scrape().lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length()))).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        host.close();
    }
}
