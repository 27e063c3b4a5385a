package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.k8s.api.ApiTypes;
import dev.promptgate.k8s.kustomize.YamlFile;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every overlay keeps the rules, and the rules notice what breaks them. */
class ManifestRulesTest {
    static Stream<Overlay> overlays() {
        return Overlay.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyObjectIsWhatItsApiKnows(Overlay overlay) {
        assertTrue(overlay.resources().size() > 15);
        overlay.resources().forEach(ApiTypes::parse);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodKeepsTheRules(Overlay overlay) {
        assertEquals(List.of("classifier", "console", "encoder", "evaluator", "ingest", "learner"),
                overlay.services().map(Workload::command).sorted().toList());
        assertEquals(List.of(), overlay.workloads().flatMap(workload -> PodRules.violations(overlay, workload).stream()).toList());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noSecretStandsInAManifest(Overlay overlay) {
        assertEquals(List.of(), overlay.resources().stream().flatMap(resource -> SecretRules.violations(resource).stream()).toList());
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("runs as another user than root", service -> pod(service).remove("securityContext")),
                breach("encoder has a read-only root", service -> container(service).remove("securityContext")),
                breach("encoder has no capability",
                        service -> ((ObjectNode) container(service).at("/securityContext/capabilities")).putArray("add").add("NET_ADMIN")),
                breach("encoder has a pinned image", service -> container(service).put("image", "promptgate/promptgate:latest")),
                breach("encoder has a pinned image", service -> container(service).put("image", "promptgate/promptgate")),
                breach("names the port of http.port",
                        service -> ((ObjectNode) container(service).at("/ports/0")).put("containerPort", 8080)),
                breach("readinessProbe asks the port",
                        service -> ((ObjectNode) container(service).at("/readinessProbe/httpGet")).put("port", "web")),
                breach("has no service links", service -> pod(service).remove("enableServiceLinks")),
                breach("has some seconds more than preStop and service.shutdown-timeout",
                        service -> pod(service).put("terminationGracePeriodSeconds", 30)),
                breach("encoder gets the memory that it may use",
                        service -> ((ObjectNode) container(service).get("resources")).remove("limits")));
    }

    private static Arguments breach(String rule, Consumer<ObjectNode> change) {
        return Arguments.of(rule, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void aBreachIsNoticed(String rule, Consumer<ObjectNode> change) {
        Overlay overlay = Overlay.of("production");
        Workload encoder = overlay.service("encoder");
        change.accept(encoder.object());
        List<String> violations = PodRules.violations(overlay, encoder);
        assertTrue(violations.stream().anyMatch(violation -> violation.startsWith("promptgate-encoder: " + rule)), violations.toString());
    }

    static Stream<Arguments> breachesOfWhatIsAsked() {
        return Stream.of(
                breach("names the port of classifier.port",
                        service -> ((ObjectNode) container(service).at("/ports/1")).put("containerPort", 8888)),
                breach("names no other port than it has",
                        service -> container(service).withArray("ports").addObject().put("name", "debug").put("containerPort", 5005)),
                breach("has some seconds more than preStop",
                        service -> ((ObjectNode) container(service).at("/lifecycle/preStop/exec")).putArray("command").add("sleep")
                                .add("40")),
                breach("listens where requests reach it", service -> container(service).withArray("env").addObject()
                        .put("name", "PROMPTGATE_CLASSIFIER_HOST").put("value", "127.0.0.1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breachesOfWhatIsAsked")
    void aBreachOfAServiceWithAnApiIsNoticed(String rule, Consumer<ObjectNode> change) {
        Overlay overlay = Overlay.of("production");
        Workload classifier = overlay.service("classifier");
        change.accept(classifier.object());
        List<String> violations = PodRules.violations(overlay, classifier);
        assertTrue(violations.stream().anyMatch(violation -> violation.startsWith("promptgate-classifier: " + rule)),
                violations.toString());
    }

    @Test
    void anUnknownVariableIsNoticed() {
        Overlay overlay = Overlay.of("production");
        Workload encoder = overlay.service("encoder");
        container(encoder.object()).withArray("env").addObject().put("name", "PROMPTGATE_ENCODER_BATCHSIZE").put("value", "64");
        assertTrue(assertThrows(InvalidSettingsException.class, () -> overlay.settings(encoder)).getMessage()
                .contains("PROMPTGATE_ENCODER_BATCH_SIZE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{kind: Secret, metadata: {name: x}, stringData: {token: abc}}",
            "{kind: Secret, metadata: {name: x}, data: {token: YWJj}}",
            "{kind: ConfigMap, metadata: {name: x}, data: {HF_TOKEN: abc}}",
            "{kind: ConfigMap, metadata: {name: x}, data: {PROMPTGATE_API_TOKEN: abc}}",
            "{kind: ConfigMap, metadata: {name: x}, data: {PROMPTGATE_KAFKA_PROPERTY_SASL_JAAS_CONFIG: abc}}",
            "{kind: Job, metadata: {name: x}, spec: {template: {spec: {containers: [{env: [{name: PROMPTGATE_KAFKA_PROPERTY_SSL_KEY_PASSWORD, value: abc}]}]}}}}"})
    void aSecretInAManifestIsNoticed(String yaml) {
        assertFalse(SecretRules.violations(YamlFile.parse(yaml).get(0)).isEmpty());
    }

    static Stream<Arguments> misspelt() {
        return Stream.of(Arguments.of("StatefulSet", "/spec/template/spec/containers/0/securityContext"),
                Arguments.of("Deployment", "/spec/strategy"),
                Arguments.of("NetworkPolicy", "/spec"), Arguments.of("PodDisruptionBudget", "/spec"),
                Arguments.of("PodMonitor", "/spec/podMetricsEndpoints/0"),
                Arguments.of("KafkaTopic", "/spec"), Arguments.of("KafkaUser", "/spec/authorization/acls/0"),
                Arguments.of("KafkaUser", "/spec/authorization/acls/0/resource"),
                Arguments.of("ScaledObject", "/spec/advanced"), Arguments.of("TriggerAuthentication", "/spec/secretTargetRef/0"),
                Arguments.of("HorizontalPodAutoscaler", "/spec/metrics/0/resource"));
    }

    @ParameterizedTest(name = "{0}{1}")
    @MethodSource("misspelt")
    void aPropertyThatTheApiDoesNotHaveIsNoticed(String kind, String pointer) {
        ObjectNode object = Overlay.of("production").ofKind(kind).findFirst().orElseThrow();
        ApiTypes.parse(object);
        ((ObjectNode) object.at(pointer)).put("misspelt", true);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ApiTypes.parse(object)).getMessage().contains("misspelt"));
    }

    private static ObjectNode pod(ObjectNode workload) {
        return (ObjectNode) workload.at("/spec/template/spec");
    }

    private static ObjectNode container(ObjectNode workload) {
        return (ObjectNode) workload.at("/spec/template/spec/containers/0");
    }
}
