package dev.promptgate.k8s.api;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of KEDA's API (keda.sh/v1alpha1) that the manifests use, written down from its documentation of version 2.17. */
public final class Keda {
    /** What the kafka trigger takes as metadata. */
    public static final Set<String> KAFKA_METADATA = Set.of("bootstrapServers", "consumerGroup", "topic", "lagThreshold",
            "activationLagThreshold",
            "offsetResetPolicy", "allowIdleConsumers", "scaleToZeroOnInvalidOffset", "excludePersistentLag", "limitToPartitionsWithLag",
            "version",
            "partitionLimitation", "sasl", "tls", "unsafeSsl");

    private Keda() {}

    /** An object's name; labels are not used. */
    public record Metadata(String name, String namespace) {}

    public record ScaledObject(String apiVersion, String kind, Metadata metadata, Spec spec) {
        /** Polling and cool-down in seconds. */
        public record Spec(Target scaleTargetRef, Integer pollingInterval, Integer cooldownPeriod, int minReplicaCount, int maxReplicaCount,
                Advanced advanced, List<Trigger> triggers) {}
    }

    public record Target(String apiVersion, String kind, String name) {}

    public record Advanced(HpaConfig horizontalPodAutoscalerConfig) {}

    public record HpaConfig(Behaviour behavior) {}

    public record Behaviour(Rules scaleUp, Rules scaleDown) {}

    public record Rules(Integer stabilizationWindowSeconds, String selectPolicy, List<Policy> policies) {}

    public record Policy(String type, int value, int periodSeconds) {}

    /** What is measured; all metadata are strings. */
    public record Trigger(String type, String name, Map<String, String> metadata, Authentication authenticationRef) {}

    public record Authentication(String name, String kind) {}

    public record TriggerAuthentication(String apiVersion, String kind, Metadata metadata, Spec spec) {
        public record Spec(List<Reference> secretTargetRef, List<Reference> configMapTargetRef) {}
    }

    /** A parameter and the key of the secret or config map that holds it. */
    public record Reference(String parameter, String name, String key) {}
}
