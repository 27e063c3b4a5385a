package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.Version;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.k8s.api.ApiTypes;
import dev.promptgate.k8s.api.Keda;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests say of topics, groups, replicas, images and variables is what the code says. */
class CodeAgreementTest {
    /** Variables that are no settings of ours: DJL's cache, OpenMP, and what the code reads beside its settings. */
    private static final Set<String> FOREIGN = Set.of("DJL_CACHE_DIR", "OMP_NUM_THREADS", "HF_TOKEN");
    /** Network policies of one service are named like it; the others are of all. */
    private static final Set<String> ASKED = Set.of("promptgate-classifier", "promptgate-ingest", "promptgate-console");

    static Stream<Overlay> overlays() {
        return Overlay.all();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyVariableIsASetting(Overlay overlay) {
        overlay.workloads().filter(Workload::isPromptgate).forEach(workload -> {
            overlay.settings(workload); // refuses unknown ones under its prefix
            assertEquals(Set.of(),
                    overlay.environment(workload).keySet().stream()
                            .filter(variable -> !variable.startsWith("PROMPTGATE_") && !FOREIGN.contains(variable))
                            .collect(Collectors.toSet()),
                    workload.name());
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void allReadTheSameModelTopicsAndPrompt(Overlay overlay) {
        List<String> shared = List.of("KAFKA_BOOTSTRAP_SERVERS", "TOPICS_PREFIX", "PROMPT_NAME", "MODEL_LOCATION", "IMAGES_MAX_BYTES");
        assertEquals(1, overlay.services().map(
                service -> shared.stream().map(name -> String.valueOf(overlay.environment(service).get("PROMPTGATE_" + name))).toList())
                .distinct().count());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void encodersHaveIdsOfTheirOwnAndOthersRunAlone(Overlay overlay) {
        Workload encoder = overlay.service("encoder");
        assertEquals("StatefulSet", encoder.kind()); // its pods' names stay
        assertEquals("promptgate-encoder-0", new EncoderSettings(overlay.settings(encoder)).transactionalId(""));
        for (String alone : List.of("learner", "evaluator")) {
            JsonNode spec = overlay.service(alone).object().get("spec");
            assertEquals(1, spec.get("replicas").asInt());
            assertEquals("Recreate", spec.at("/strategy/type").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void imagesAreOfThisVersion(Overlay overlay) throws IOException {
        String version = new Version().getVersion()[0].split(" ")[1];
        overlay.workloads().flatMap(workload -> workload.containers().stream()).map(container -> container.get("image").asText())
                .forEach(image -> assertTrue(
                        Set.of("promptgate/promptgate:" + version, "promptgate/promptgate:" + version + "-cuda",
                                "apache/kafka:" + AppInfoParser.getVersion()).contains(image),
                        image));
    }

    @Test
    void aGpuIsAskedForWhereTensorsAreComputedOnOne() {
        Overlay gpu = Overlay.of("gpu");
        gpu.services().forEach(service -> {
            boolean asks = service.container().at("/resources/limits").has("nvidia.com/gpu");
            assertEquals(!Set.of("evaluator", "ingest", "console").contains(service.command()), asks, service.name());
            assertEquals(asks ? "gpu" : "cpu", gpu.settings(service).get(ModelSettings.DEVICE));
            assertEquals(asks, service.containers().stream().allMatch(container -> container.get("image").asText().endsWith("-cuda")));
            assertEquals(asks, service.pod().has("nodeSelector") && service.pod().has("tolerations"));
        });
    }

    @Test
    void topicsAreWhatTheCodeWouldCreate() {
        Overlay overlay = Overlay.of("production");
        SettingsValues values = overlay.settings(overlay.service("encoder"));
        Map<String, TopicSpec> specs = TopicSpec
                .all(CommonOptions.topics(values), values.get(KafkaSettings.PARTITIONS), values.get(KafkaSettings.REPLICATION).shortValue(),
                        values.get(KafkaSettings.MAX_IMAGE_BYTES))
                .stream()
                .collect(Collectors.toMap(TopicSpec::name, Function.identity()));
        Map<String, KafkaTopic> topics = overlay.ofKind("KafkaTopic").map(topic -> ApiTypes.parse(topic, KafkaTopic.class))
                .collect(Collectors.toMap(topic -> topic.getMetadata().getName(), Function.identity()));
        assertEquals(specs.keySet(), topics.keySet());
        topics.forEach((name, topic) -> {
            TopicSpec spec = specs.get(name);
            assertEquals(spec.partitions(), topic.getSpec().getPartitions(), name);
            assertEquals((int) spec.replication(), topic.getSpec().getReplicas(), name);
            Map<String, String> wanted = new TreeMap<>(spec.configs());
            wanted.put(TopicConfig.CLEANUP_POLICY_CONFIG, spec.cleanupPolicy());
            Map<String, String> found = new TreeMap<>();
            topic.getSpec().getConfig().forEach((key, value) -> found.put(key, value.toString()));
            assertEquals(wanted, found, name);
        });
    }

    @Test
    void kedaWatchesTheEncodersLag() {
        Overlay overlay = Overlay.of("production");
        SettingsValues values = overlay.settings(overlay.service("encoder"));
        Keda.ScaledObject.Spec scaled = ApiTypes.parse(overlay.ofKind("ScaledObject").findFirst().orElseThrow(), Keda.ScaledObject.class)
                .spec();
        Keda.Trigger trigger = scaled.triggers().get(0);
        assertTrue(Keda.KAFKA_METADATA.containsAll(trigger.metadata().keySet()), trigger.toString());
        assertEquals("StatefulSet/promptgate-encoder", scaled.scaleTargetRef().kind() + "/" + scaled.scaleTargetRef().name());
        assertFalse(overlay.service("encoder").object().get("spec").has("replicas"), "or every apply undoes what KEDA did");
        assertEquals(new EncoderSettings(values).group(""), trigger.metadata().get("consumerGroup"));
        assertEquals(CommonOptions.topics(values).labelledImages(), trigger.metadata().get("topic"));
        assertTrue(scaled.maxReplicaCount() <= values.get(KafkaSettings.PARTITIONS), "more encoders than partitions would be idle");
        assertTrue(scaled.minReplicaCount() >= 1, "without an encoder nothing commits, and a new group has no lag");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyReferenceToAnObjectOfTheOverlayMeetsOne(Overlay overlay) {
        overlay.workloads().filter(Workload::isService).forEach(service -> {
            assertTrue(overlay.ofKind("ServiceAccount")
                    .anyMatch(account -> account.at("/metadata/name").asText().equals(service.pod().get("serviceAccountName").asText())));
            assertTrue(overlay.ofKind("PodDisruptionBudget").anyMatch(budget -> selects(budget.at("/spec/selector/matchLabels"), service)),
                    service.name());
            assertTrue(selects(service.object().at("/spec/selector/matchLabels"), service), service.name());
        });
        overlay.ofKind("NetworkPolicy").forEach(policy -> {
            String name = policy.at("/metadata/name").asText();
            List<String> met = overlay.services().filter(service -> selects(policy.at("/spec/podSelector/matchLabels"), service))
                    .map(Workload::name).toList();
            assertEquals(overlay.services().map(Workload::name).filter(service -> !ASKED.contains(name) || service.equals(name)).toList(),
                    met, name);
        });
        overlay.ofKind("PodMonitor").forEach(
                monitor -> overlay.services().forEach(service -> assertTrue(selects(monitor.at("/spec/selector/matchLabels"), service))));
    }

    private static boolean selects(JsonNode labels, Workload workload) {
        return !labels.isEmpty()
                && labels.properties().stream().allMatch(label -> label.getValue().equals(workload.podLabels().get(label.getKey())));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void networkPoliciesLetScrapesInAndKafkaOut(Overlay overlay) {
        Workload encoder = overlay.service("encoder");
        String kafkaPort = overlay.settings(encoder).get(KafkaSettings.BOOTSTRAP_SERVERS).split(":")[1];
        assertEquals(encoder.container().at("/ports/0/containerPort").asText(),
                policy(overlay, "promptgate-scrape").at("/spec/ingress/0/ports/0/port").asText());
        assertEquals(kafkaPort, policy(overlay, "promptgate-kafka").at("/spec/egress/0/ports/0/port").asText());
        ObjectNode deny = policy(overlay, "promptgate-default-deny");
        assertEquals(2, deny.at("/spec/policyTypes").size());
        assertTrue(deny.at("/spec/ingress").isMissingNode() && deny.at("/spec/egress").isMissingNode());
    }

    private static ObjectNode policy(Overlay overlay, String name) {
        return overlay.ofKind("NetworkPolicy").filter(policy -> policy.at("/metadata/name").asText().equals(name)).findFirst()
                .orElseThrow();
    }
}
