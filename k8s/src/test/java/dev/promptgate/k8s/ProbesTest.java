package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The paths of probes and of the pod monitor, asked of the endpoint that every service has. */
class ProbesTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ServiceHost host;

    static Stream<Overlay> overlays() {
        return Overlay.all();
    }

    @BeforeAll
    static void start() {
        host = new ServiceHost(
                new SettingsCatalogue(HttpSettings.ALL.all(), List.of(), key -> true)
                        .resolve(SettingsSources.of(Map.of(HttpSettings.PORT.key(), "0"))));
        host.readiness().register("caught-up", () -> false);
        host.start().await();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aServiceThatCatchesUpIsStartedAndLiveButNotReady(Overlay overlay) throws Exception {
        for (Workload service : overlay.services().toList()) {
            JsonNode container = service.container();
            assertEquals(200, status(container.at("/startupProbe/httpGet/path").asText()));
            assertEquals(200, status(container.at("/livenessProbe/httpGet/path").asText()));
            assertEquals(503, status(container.at("/readinessProbe/httpGet/path").asText()));
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void metricsAreWhereThePodMonitorScrapes(Overlay overlay) throws Exception {
        for (JsonNode monitor : overlay.ofKind("PodMonitor").toList()) {
            JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
            assertEquals(200, status(endpoint.get("path").asText()));
            for (Workload service : overlay.services().toList()) {
                assertEquals(service.container().at("/ports/0/name"), endpoint.get("port"));
                assertEquals(service.name(), service.podLabels().path(monitor.at("/spec/jobLabel").asText()).asText(),
                        "the job, by which alerts go");
            }
        }
    }

    private static int status(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + path)).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
