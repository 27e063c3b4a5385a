package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** What every pod must be: without rights, of a pinned image, bounded, and, if it is one of the services, probed where it listens. */
final class PodRules {
    private final Overlay overlay;
    private final Workload workload;
    private final List<String> violations = new ArrayList<>();

    private PodRules(Overlay overlay, Workload workload) {
        this.overlay = overlay;
        this.workload = workload;
    }

    /** The violations, each a sentence; empty if there are none. */
    static List<String> violations(Overlay overlay, Workload workload) {
        PodRules rules = new PodRules(overlay, workload);
        rules.pod();
        workload.containers().forEach(rules::container);
        if (workload.isService()) {
            rules.service(overlay.settings(workload));
        }
        return rules.violations;
    }

    private void must(boolean holds, String rule) {
        if (!holds) {
            violations.add(workload.name() + ": " + rule);
        }
    }

    private void pod() {
        JsonNode pod = workload.pod();
        must(pod.at("/securityContext/runAsNonRoot").asBoolean() && pod.at("/securityContext/runAsUser").asInt() > 0,
                "runs as another user than root");
        must(pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"), "has the seccomp profile of the runtime");
        must(pod.has("automountServiceAccountToken") && !pod.get("automountServiceAccountToken").asBoolean(),
                "mounts no token of the service account");
        must(pod.has("enableServiceLinks") && !pod.get("enableServiceLinks").asBoolean(),
                "has no service links, whose variables would be taken for settings");
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            must(!pod.path(field).asBoolean(), "shares nothing with its host");
        }
    }

    private void container(JsonNode container) {
        String name = container.get("name").asText();
        JsonNode security = container.path("securityContext");
        must(security.has("allowPrivilegeEscalation") && !security.get("allowPrivilegeEscalation").asBoolean(),
                name + " cannot get more rights");
        must(!security.path("privileged").asBoolean(), name + " is not privileged");
        must(security.path("readOnlyRootFilesystem").asBoolean(), name + " has a read-only root");
        must(security.at("/capabilities/drop/0").asText().equals("ALL") && !security.at("/capabilities").has("add"),
                name + " has no capability");
        must(container.get("image").asText().matches("[^:@]+(:\\d+\\.\\d+\\.\\d+[\\w.-]*|@sha256:[0-9a-f]{64})"),
                name + " has a pinned image");
        must(container.at("/resources/requests/cpu").isValueNode(), name + " asks for cores");
        must(container.at("/resources/limits/memory").isValueNode()
                && container.at("/resources/limits/memory").equals(container.at("/resources/requests/memory")),
                name + " gets the memory that it may use");
    }

    private void service(SettingsValues settings) {
        JsonNode container = workload.container();
        must(settings.get(HttpSettings.HOST).equals("0.0.0.0"), "listens where probes and Prometheus reach it");
        must(container.at("/ports/0/containerPort").asInt() == settings.get(HttpSettings.PORT), "names the port of http.port");
        must(container.get("ports").size() == (workload.hasApi() ? 2 : 1), "names no other port than it has");
        if (workload.hasApi()) {
            api(container);
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            String port = container.at("/" + probe + "/httpGet/port").asText();
            must(port.equals(container.at("/ports/0/name").asText()), probe + " asks the port");
        }
        must(workload.pod().path("terminationGracePeriodSeconds").asInt(30) >= beforeStop(container)
                + settings.get(HttpSettings.SHUTDOWN_TIMEOUT).toSeconds()
                + 10,
                "has some seconds more than preStop and service.shutdown-timeout to stop");
        must(workload.pod().path("serviceAccountName").asText().equals(workload.name()), "has a service account of its own");
        must(mounts(container, "/tmp") && mounts(container, "/var/cache/promptgate"), "can write temporary and cached files");
    }

    private void api(JsonNode container) {
        String command = workload.command();
        must(overlay.setting(workload, command + ".host").equals("0.0.0.0"), "listens where requests reach it");
        must(container.at("/ports/1/name").asText().equals("api")
                && container.at("/ports/1/containerPort").asText().equals(overlay.setting(workload, command + ".port")),
                "names the port of " + command + ".port");
    }

    /** The seconds that a pod which goes still waits for requests that are on their way to it. */
    private static int beforeStop(JsonNode container) {
        JsonNode command = container.at("/lifecycle/preStop/exec/command");
        return command.path(0).asText().equals("sleep") ? command.path(1).asInt() : 0;
    }

    private static boolean mounts(JsonNode container, String path) {
        return StreamSupport.stream(container.path("volumeMounts").spliterator(), false)
                .anyMatch(mount -> mount.get("mountPath").asText().equals(path));
    }
}
