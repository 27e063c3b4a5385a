package dev.promptgate.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import dev.promptgate.testing.TestBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Topics of their own on the broker, the services that work on them, and consoles that show it. */
final class ConsoleRun {
    static final String TOKEN = "open-sesame";
    /** What the sample stream's labels name; with these words more than half of its images are told. */
    static final String WORDS = "a badge with a";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> DEFAULTS = Map.of("prompt.context-init", WORDS, "http.port", "0", "console.port", "0",
            "api.token", TOKEN,
            "encoder.batch-delay", "5ms",
            "learner.steps", "6", "learner.settle-time", "300ms", "evaluator.idle-time", "300ms", "evaluator.cool-down", "0s");

    final KafkaClients clients;
    final TopicNames topics;
    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ConsoleRun(TestBroker broker) throws Exception {
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 1 << 22);
        topics = new TopicNames(broker.uniquePrefix());
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 2, (short) 1, 1 << 21), true);
        }
    }

    /** @param settings empty: not given */
    private static SettingsValues values(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(DEFAULTS);
        all.putAll(settings);
        all.values().removeIf(String::isEmpty);
        List<Setting<?>> known = Stream
                .of(KafkaSettings.ALL.all(), PromptSettings.ALL.all(), HttpSettings.ALL.all(), TrustSettings.ALL.all(),
                        ApiSettings.ALL.all(), EncoderSettings.ALL.all(),
                        LearnerSettings.ALL.all(), EvaluatorSettings.ALL.all(), ConsoleSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        return new SettingsCatalogue(known, List.of(), key -> true).resolve(SettingsSources.of(all));
    }

    /** Encoder, learner and evaluator. */
    ServiceHost services(ClipModel model) {
        SettingsValues values = values(Map.of());
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new EncoderVerticle(values, clients, topics, model, host),
                () -> new LearnerVerticle(values, clients, topics, model, host),
                () -> new EvaluatorVerticle(values, clients, topics, model, host)).await();
        return host;
    }

    record Console(ServiceHost host, String address) implements AutoCloseable {
        @Override
        public void close() {
            host.close();
        }
    }

    Console console(Map<String, String> settings) {
        SettingsValues values = values(settings);
        ServiceHost host = new ServiceHost(values);
        ConsoleVerticle verticle = new ConsoleVerticle(values, clients, topics, host);
        host.start(() -> verticle).await();
        return new Console(host, verticle.address());
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    HttpResponse<String> get(Console console, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(console.address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(Console console, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(console.address() + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonNode json(Console console, String path) throws Exception {
        return JSON.readTree(get(console, path).body());
    }

    HttpResponse<String> command(Console console, String body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console.address() + "/api/commands"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return http.send((token == null ? request : request.header("Authorization", "Bearer " + token)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
