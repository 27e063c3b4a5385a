package dev.promptgate.k8s.kustomize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A strategic merge patch as far as the manifests use it: objects are merged, null removes, lists whose elements have a name are merged by
 * it, other lists are replaced. Directives ({@code $patch}) are refused.
 */
final class StrategicMerge {
    /** By field: what names an element. */
    static final Map<String, String> MERGE_KEYS = Map.of("containers", "name", "initContainers", "name", "env", "name", "volumes", "name",
            "volumeMounts", "mountPath", "ports", "containerPort");

    private StrategicMerge() {}

    static void apply(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.startsWith("$")) {
                throw new IllegalArgumentException("Patch directives are not supported here [directive: " + name + "]");
            }
            if (value.isNull()) {
                target.remove(name);
            } else if (value.isObject() && target.get(name) instanceof ObjectNode inner) {
                apply(inner, (ObjectNode) value);
            } else if (value.isArray() && MERGE_KEYS.containsKey(name) && target.get(name) instanceof ArrayNode inner) {
                merge(inner, (ArrayNode) value, MERGE_KEYS.get(name));
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void merge(ArrayNode target, ArrayNode patch, String key) {
        for (JsonNode element : patch) {
            if (!element.has(key)) {
                throw new IllegalArgumentException(
                        "An element of a patched list lacks its key [key: %s, element: %s]".formatted(key, element));
            }
            ObjectNode found = null;
            for (JsonNode candidate : target) {
                if (element.get(key).equals(candidate.get(key))) {
                    found = (ObjectNode) candidate;
                }
            }
            if (found == null) {
                target.add(element.deepCopy());
            } else {
                apply(found, (ObjectNode) element);
            }
        }
    }
}
