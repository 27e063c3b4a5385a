package dev.promptgate.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** What every pod must be: without rights, of a pinned image, bounded, and, if it is one of the services, probed where it listens. */
final class PodRules {
    private final Workload workload;
    private final List<String> violations = new ArrayList<>();

    private PodRules(Workload workload) {
        this.workload = workload;
    }

    /** The violations, each a sentence; empty if there are none. */
    static List<String> violations(Overlay overlay, Workload workload) {
        PodRules rules = new PodRules(workload);
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
        must(pod.at("/securityContext/runAsNonRoot").asBoolean() && pod.at("/securityContext/runAsUser").asInt() > 0, "runs as another user than root");
        must(pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault"), "has the seccomp profile of the runtime");
        must(pod.has("automountServiceAccountToken") && !pod.get("automountServiceAccountToken").asBoolean(), "mounts no token of the service account");
        must(pod.has("enableServiceLinks") && !pod.get("enableServiceLinks").asBoolean(), "has no service links, whose variables would be taken for settings");
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            must(!pod.path(field).asBoolean(), "shares nothing with its host");
        }
    }

    private void container(JsonNode container) {
        String name = container.get("name").asText();
        JsonNode security = container.path("securityContext");
        must(security.has("allowPrivilegeEscalation") && !security.get("allowPrivilegeEscalation").asBoolean(), name + " cannot get more rights");
        must(!security.path("privileged").asBoolean(), name + " is not privileged");
        must(security.path("readOnlyRootFilesystem").asBoolean(), name + " has a read-only root");
        must(security.at("/capabilities/drop/0").asText().equals("ALL") && !security.at("/capabilities").has("add"), name + " has no capability");
        must(container.get("image").asText().matches("[^:@]+(:\\d+\\.\\d+\\.\\d+[\\w.-]*|@sha256:[0-9a-f]{64})"), name + " has a pinned image");
        must(container.at("/resources/requests/cpu").isValueNode(), name + " asks for cores");
        must(container.at("/resources/limits/memory").isValueNode()
                && container.at("/resources/limits/memory").equals(container.at("/resources/requests/memory")), name + " gets the memory that it may use");
    }

    private void service(SettingsValues settings) {
        HttpSettings http = new HttpSettings(settings);
        JsonNode container = workload.container();
        must(http.host().equals("0.0.0.0"), "listens where probes and Prometheus reach it");
        must(container.get("ports").size() == 1 && container.at("/ports/0/containerPort").asInt() == http.port(), "names the port of http.port");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            String port = container.at("/" + probe + "/httpGet/port").asText();
            must(port.equals(container.at("/ports/0/name").asText()), probe + " asks the port");
        }
        must(workload.pod().path("terminationGracePeriodSeconds").asInt(30) >= http.shutdownTimeout().toSeconds() + 10,
                "has some seconds more than service.shutdown-timeout to stop");
        must(workload.pod().path("serviceAccountName").asText().equals(workload.name()), "has a service account of its own");
        must(mounts(container, "/tmp") && mounts(container, "/var/cache/promptgate"), "can write temporary and cached files");
    }

    private static boolean mounts(JsonNode container, String path) {
        return StreamSupport.stream(container.path("volumeMounts").spliterator(), false).anyMatch(mount -> mount.get("mountPath").asText().equals(path));
    }
}
