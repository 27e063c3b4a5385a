package dev.promptgate.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A Prometheus in a process of its own, with the repository's configuration and rules; but it scrapes one address, every second, and
 * evaluates as often. Whoever starts it closes it.
 */
final class PrometheusRun implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String address;
    private final Path log;

    private PrometheusRun(Process process, String address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
    }

    /** Starts it and waits until it is ready. */
    static PrometheusRun start(Path directory, String target) throws IOException {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"),
                new YAMLMapper().writeValueAsString(configuration(target)));
        String address = "127.0.0.1:" + EmbeddedKafka.freePort();
        Path log = directory.resolve("prometheus.log");
        Process process = new ProcessBuilder("prometheus", "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=" + address)
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        PrometheusRun run = new PrometheusRun(process, address, log);
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions()
                .until(() -> !process.isAlive() || run.get("/-/ready").statusCode() == 200);
        if (!process.isAlive()) {
            throw new AssertionError("Prometheus ended: " + Files.readString(log));
        }
        return run;
    }

    private static JsonNode configuration(String target) {
        ObjectNode configuration = (ObjectNode) MonitoringFiles.yaml(MonitoringFiles.PROMETHEUS);
        configuration.putObject("global").put("scrape_interval", "1s").put("evaluation_interval", "1s");
        ArrayNode rules = configuration.arrayNode();
        configuration.path("rule_files").forEach(file -> rules.add(MonitoringFiles.PROMETHEUS.resolveSibling(file.asText()).toString()));
        configuration.set("rule_files", rules);
        ObjectNode job = configuration.putArray("scrape_configs").addObject().put("job_name", "promptgate-demo");
        job.putArray("static_configs").addObject().putArray("targets").add(target);
        return configuration;
    }

    /** The series of a vector selector, and of nothing else, that came in within the last five minutes. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        return api("/api/v1/query?query=" + encode(expression)).path("result");
    }

    /** The series of an expression at steps of two seconds. */
    JsonNode query(String expression, double from, double to) throws IOException, InterruptedException {
        return api("/api/v1/query_range?query=%s&start=%s&end=%s&step=2".formatted(encode(expression), from, to)).path("result");
    }

    JsonNode labelValues(String selector, String label) throws IOException, InterruptedException {
        return api("/api/v1/label/%s/values?match[]=%s".formatted(label, encode(selector)).replace("[]", "%5B%5D"));
    }

    /** The groups of rules as they were loaded, with their state. */
    JsonNode ruleGroups() throws IOException, InterruptedException {
        return api("/api/v1/rules").path("groups");
    }

    private JsonNode api(String path) throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper().readTree(get(path).body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(answer.path("error").asText() + " " + Files.readString(log));
        }
        return answer.path("data");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
