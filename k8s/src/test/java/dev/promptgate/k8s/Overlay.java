package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.k8s.kustomize.Kustomization;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

record Overlay(String name, List<ObjectNode> resources) {
    static final String SECRET = "from a secret";

    static Overlay of(String name) {
        return new Overlay(name, Kustomization.render(Path.of("overlays", name)));
    }

    /** For tests that hold for every one. */
    static Stream<Overlay> all() {
        return Stream.of("local", "gpu", "production").map(Overlay::of);
    }

    Stream<Workload> workloads() {
        return Workload.all(resources);
    }

    Stream<Workload> services() {
        return workloads().filter(Workload::isService);
    }

    Workload service(String command) {
        return services().filter(service -> service.command().equals(command)).findFirst().orElseThrow();
    }

    Stream<ObjectNode> ofKind(String kind) {
        return resources.stream().filter(resource -> resource.get("kind").asText().equals(kind));
    }

    /** The environment of the first pod's main container. Secrets have a placeholder. */
    Map<String, String> environment(Workload workload) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode from : workload.container().path("envFrom")) {
            String map = from.at("/configMapRef/name").asText();
            ofKind("ConfigMap").filter(candidate -> candidate.at("/metadata/name").asText().equals(map)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No such config map [name: " + map + "]"))
                    .get("data").properties().forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
        }
        workload.container().path("env").forEach(variable -> environment.put(variable.get("name").asText(), value(workload, variable)));
        return environment;
    }

    private static String value(Workload workload, JsonNode variable) {
        JsonNode from = variable.path("valueFrom");
        if (from.has("fieldRef")) {
            return switch (from.at("/fieldRef/fieldPath").asText()) {
                case "metadata.name" -> workload.name() + "-0";
                default -> throw new IllegalArgumentException("Not known here [reference: " + from + "]");
            };
        }
        if (from.has("resourceFieldRef")) {
            return workload.container().at("/resources/" + from.at("/resourceFieldRef/resource").asText().replace('.', '/')).asText();
        }
        return from.has("secretKeyRef") ? SECRET : variable.get("value").asText();
    }

    /** As the command reads them; fails as the command does on a setting that it does not know. */
    SettingsValues settings(Workload workload) {
        return KnownSettings.catalogue().resolve(new SettingsSources(Map.of(), environment(workload), Map.of()));
    }

    /** A setting by its key, as text, where a test speaks of a service by its name. */
    String setting(Workload workload, String key) {
        Setting<?> setting = KnownSettings.catalogue().settings().stream().filter(candidate -> candidate.key().equals(key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No such setting [key: " + key + "]"));
        return String.valueOf(settings(workload).get(setting));
    }

    @Override
    public String toString() {
        return name;
    }
}
