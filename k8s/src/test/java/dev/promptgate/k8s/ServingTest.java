package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked from outside: who reaches it, by which way, with which token, and that no update drops a request. */
class ServingTest {
    private static final String TOKEN = "PROMPTGATE_API_TOKEN";

    static Stream<Overlay> overlays() {
        return Overlay.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aServiceWithAnApiIsReachedUnderItsName(Overlay overlay) {
        overlay.services().filter(Workload::hasApi).forEach(asked -> {
            ObjectNode service = named(overlay, "Service", asked.name());
            assertEquals(asked.podLabels().get("app.kubernetes.io/name"), service.at("/spec/selector").get("app.kubernetes.io/name"));
            assertEquals(asked.container().at("/ports/1/name").asText(), service.at("/spec/ports/0/targetPort").asText());
            assertEquals(overlay.setting(asked, asked.command() + ".port"), service.at("/spec/ports/0/port").asText());
            assertFalse(service.at("/spec").has("type"), "nothing is opened to the world by itself");
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theConsoleAsksTheClassifierWhereItListensAndMay(Overlay overlay) {
        Workload console = overlay.service("console");
        Workload classifier = overlay.service("classifier");
        URI address = URI.create(overlay.setting(console, "console.classifier-url"));
        assertEquals(classifier.name(), address.getHost());
        assertEquals(overlay.setting(classifier, "classifier.port"), String.valueOf(address.getPort()));
        JsonNode out = named(overlay, "NetworkPolicy", console.name()).at("/spec/egress/0");
        assertEquals(classifier.podLabels().get("app.kubernetes.io/name"),
                out.at("/to/0/podSelector/matchLabels").get("app.kubernetes.io/name"));
        assertEquals(address.getPort(), out.at("/ports/0/port").asInt());
        JsonNode in = named(overlay, "NetworkPolicy", classifier.name()).at("/spec/ingress/0");
        assertEquals(console.podLabels().get("app.kubernetes.io/name"),
                in.at("/from/0/podSelector/matchLabels").get("app.kubernetes.io/name"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void nobodyElseReachesAnApiButNamespacesWithItsLabel(Overlay overlay) {
        overlay.services().filter(Workload::hasApi).forEach(asked -> {
            JsonNode ingress = named(overlay, "NetworkPolicy", asked.name()).at("/spec/ingress");
            assertEquals(1, ingress.size());
            assertEquals(1, ingress.at("/0/ports").size());
            assertEquals(overlay.setting(asked, asked.command() + ".port"), ingress.at("/0/ports/0/port").asText());
            List<JsonNode> namespaces = StreamSupport.stream(ingress.at("/0/from").spliterator(), false)
                    .filter(from -> from.has("namespaceSelector")).toList();
            assertEquals(1, namespaces.size());
            assertEquals("true",
                    namespaces.get(0).at("/namespaceSelector/matchLabels").path("promptgate.dev/reaches-" + asked.command()).asText());
            assertTrue(StreamSupport.stream(ingress.at("/0/from").spliterator(), false)
                    .noneMatch(from -> from.has("ipBlock") || from.isEmpty()));
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void anUpdateOfWhatApplicationsAskDropsNoRequest(Overlay overlay) {
        Stream.of("classifier", "ingest").map(overlay::service).forEach(asked -> {
            assertEquals("Deployment", asked.kind());
            JsonNode strategy = asked.object().at("/spec/strategy");
            assertEquals("RollingUpdate", strategy.get("type").asText());
            assertEquals(0, strategy.at("/rollingUpdate/maxUnavailable").asInt(-1), "no pod goes before a new one is ready");
            JsonNode readiness = asked.container().get("readinessProbe");
            int untilUnready = readiness.get("periodSeconds").asInt();
            assertTrue(asked.container().at("/lifecycle/preStop/exec/command/1").asInt() >= untilUnready,
                    "a pod that goes still answers what is on its way to it");
        });
    }

    @Test
    void theTokenComesFromASecretWhichMustBeThere() {
        for (String overlay : List.of("production", "gpu")) {
            Overlay rendered = Overlay.of(overlay);
            rendered.services()
                    .forEach(service -> assertEquals(service.hasApi(), rendered.environment(service).containsKey(TOKEN), service.name()));
            rendered.services().filter(Workload::hasApi).forEach(asked -> {
                assertEquals(Overlay.SECRET, rendered.environment(asked).get(TOKEN));
                StreamSupport.stream(asked.container().get("env").spliterator(), false)
                        .filter(variable -> variable.get("name").asText().equals(TOKEN))
                        .forEach(variable -> assertFalse(variable.at("/valueFrom/secretKeyRef").has("optional"),
                                "without a token it would be open"));
            });
        }
    }

    @Test
    void theAutoscalerScalesClassifiersAndNothingElseDoes() {
        Overlay overlay = Overlay.of("production");
        List<ObjectNode> autoscalers = overlay.ofKind("HorizontalPodAutoscaler").toList();
        assertEquals(1, autoscalers.size());
        JsonNode spec = autoscalers.get(0).get("spec");
        Workload classifier = overlay.service("classifier");
        assertEquals(classifier.kind() + "/" + classifier.name(),
                spec.at("/scaleTargetRef/kind").asText() + "/" + spec.at("/scaleTargetRef/name").asText());
        assertFalse(classifier.object().get("spec").has("replicas"), "or every apply undoes what the autoscaler did");
        assertTrue(spec.get("minReplicas").asInt() >= 2 && spec.get("maxReplicas").asInt() > spec.get("minReplicas").asInt());
        assertEquals("cpu", spec.at("/metrics/0/resource/name").asText());
        assertTrue(classifier.container().at("/resources/requests").has("cpu"), "utilisation is a part of the request");
    }

    @Test
    void signaturesAreVerifiedByWhoeverUsesWhatIsSigned() {
        Overlay overlay = Overlay.of("production");
        Stream.of("classifier", "console").map(overlay::service).forEach(asked -> assertEquals(
                List.of("PROMPTGATE_TRUST_CANDIDATE_PUBLIC_KEYS", "PROMPTGATE_TRUST_ROLLOUT_PUBLIC_KEYS"),
                overlay.environment(asked).keySet().stream().filter(variable -> variable.startsWith("PROMPTGATE_TRUST_")).sorted().toList(),
                asked.name()));
    }

    private static ObjectNode named(Overlay overlay, String kind, String name) {
        return overlay.ofKind(kind).filter(object -> object.at("/metadata/name").asText().equals(name)).findFirst().orElseThrow();
    }
}
