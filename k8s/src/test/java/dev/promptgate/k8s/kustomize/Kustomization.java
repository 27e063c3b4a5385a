package dev.promptgate.k8s.kustomize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Renders a kustomization where no kustomize is at hand. Knows what the manifests of this folder use and refuses everything else:
 * resources, components, namespace, images (name and newTag), config maps of files of variables, and strategic merge patches in files of
 * their own. {@code KustomizationTest} holds it against the real one where there is one.
 */
public final class Kustomization {
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "resources", "components", "namespace", "configMapGenerator",
            "images", "patches");

    private final List<ObjectNode> resources = new ArrayList<>();
    private final GeneratedConfigMaps configMaps = new GeneratedConfigMaps();
    private String namespace;

    private Kustomization() {}

    /** All objects that a folder's kustomization comes to. */
    public static List<ObjectNode> render(Path folder) {
        Kustomization kustomization = new Kustomization();
        kustomization.take(folder);
        kustomization.configMaps.finish(kustomization.resources, kustomization.namespace);
        return kustomization.resources;
    }

    private void take(Path folder) {
        ObjectNode file = YamlFile.read(folder.resolve("kustomization.yaml")).get(0);
        file.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                        "Not supported here in a kustomization [field: %s, folder: %s]".formatted(field, folder));
            }
        });
        for (JsonNode entry : file.path("resources")) {
            Path path = folder.resolve(entry.asText());
            if (Files.isDirectory(path)) {
                take(path);
            } else {
                resources.addAll(YamlFile.read(path));
            }
        }
        file.path("components").forEach(entry -> take(folder.resolve(entry.asText())));
        file.path("configMapGenerator").forEach(entry -> configMaps.add(folder, entry));
        file.path("patches").forEach(entry -> patch(folder, entry));
        if (file.has("namespace")) {
            namespace = file.get("namespace").asText();
            resources.stream().filter(resource -> !resource.get("kind").asText().equals("Namespace"))
                    .forEach(resource -> ((ObjectNode) resource.get("metadata")).put("namespace", namespace));
        }
        file.path("images").forEach(this::tag);
    }

    private void patch(Path folder, JsonNode entry) {
        if (entry.size() != 1 || !entry.has("path")) {
            throw new IllegalArgumentException("A patch must be a file, and nothing else [patch: " + entry + "]");
        }
        ObjectNode patch = YamlFile.read(folder.resolve(entry.get("path").asText())).get(0);
        List<ObjectNode> targets = resources.stream().filter(resource -> resource.get("kind").equals(patch.get("kind"))
                && resource.at("/metadata/name").equals(patch.at("/metadata/name"))).toList();
        if (targets.size() != 1) {
            throw new IllegalArgumentException("A patch must meet one object [patch: %s, met: %d]".formatted(entry, targets.size()));
        }
        StrategicMerge.apply(targets.get(0), patch);
    }

    private void tag(JsonNode image) {
        if (image.size() != 2) {
            throw new IllegalArgumentException("Of an image only name and newTag are supported here [image: " + image + "]");
        }
        for (ObjectNode resource : resources) {
            for (String list : List.of("containers", "initContainers")) {
                for (JsonNode container : resource.at("/spec/template/spec/" + list)) {
                    if (container.get("image").asText().replaceFirst(":.*", "").equals(image.get("name").asText())) {
                        ((ObjectNode) container).put("image", image.get("name").asText() + ":" + image.get("newTag").asText());
                    }
                }
            }
        }
    }
}
