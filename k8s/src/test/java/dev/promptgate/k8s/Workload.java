package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

record Workload(ObjectNode object) {
    private static final String IMAGE = "promptgate/promptgate";
    private static final Set<String> SERVICES = Set.of("encoder", "learner", "evaluator", "classifier", "ingest", "console");
    /** Those that applications or people ask, at a port of their own beside that of probes and metrics. */
    private static final Set<String> ASKED = Set.of("classifier", "ingest", "console");

    static Stream<Workload> all(List<ObjectNode> resources) {
        return resources.stream().filter(resource -> resource.at("/spec/template/spec/containers").isArray()).map(Workload::new);
    }

    String kind() {
        return object.get("kind").asText();
    }

    String name() {
        return object.at("/metadata/name").asText();
    }

    JsonNode pod() {
        return object.at("/spec/template/spec");
    }

    JsonNode podLabels() {
        return object.at("/spec/template/metadata/labels");
    }

    /** Containers that start before and those that stay. */
    List<JsonNode> containers() {
        List<JsonNode> containers = new ArrayList<>();
        pod().path("initContainers").forEach(containers::add);
        pod().get("containers").forEach(containers::add);
        return containers;
    }

    JsonNode container() {
        return pod().at("/containers/0");
    }

    /** Whether this runs the promptgate command. */
    boolean isPromptgate() {
        return container().path("image").asText().startsWith(IMAGE);
    }

    /** Whether this is one of the services. */
    boolean isService() {
        return isPromptgate() && SERVICES.contains(command());
    }

    boolean hasApi() {
        return ASKED.contains(command());
    }

    String command() {
        return container().at("/args/0").asText();
    }
}
