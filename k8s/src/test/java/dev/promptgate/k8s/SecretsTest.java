package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.SigningKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where secrets come from, and what becomes of a signing key on its way to the service. */
class SecretsTest {
    private final Overlay overlay = Overlay.of("production");

    @ParameterizedTest
    @CsvSource({"learner, CANDIDATE", "evaluator, ROLLOUT"})
    void aSigningKeyArrivesAsAFileOfTheServiceAlone(String service, String kind, @TempDir Path root) throws Exception {
        Workload workload = overlay.service(service);
        JsonNode init = workload.pod().at("/initContainers/0");
        List<String> command = new ArrayList<>();
        init.get("command").forEach(word -> command.add(word.asText()));
        String from = command.get(command.size() - 2);
        String to = command.get(command.size() - 1);
        assertEquals(to, overlay.environment(workload).get("PROMPTGATE_TRUST_" + kind + "_SIGNING_KEY"));
        JsonNode secret = volume(workload, init, from).get("secret");
        assertEquals(0400, secret.get("defaultMode").asInt());
        assertEquals(secret.at("/items/0/path").asText(), Path.of(from).getFileName().toString());
        assertEquals("Memory", volume(workload, init, to).at("/emptyDir/medium").asText());
        assertEquals(volume(workload, init, to), volume(workload, workload.container(), to));

        // The very command, on a real key.
        Path source = Files.createDirectories(root.resolve("." + from).getParent());
        Path target = Files.createDirectories(root.resolve("." + to).getParent()).resolve(Path.of(to).getFileName());
        Files.copy(SigningKeys.generate(root, "made").privateKey(), source.resolve(Path.of(from).getFileName()));
        command.replaceAll(word -> word.startsWith("/") ? root.resolve("." + word).toString() : word);
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        assertEquals(Set.of(PosixFilePermission.OWNER_READ), Files.getPosixFilePermissions(target));
        PromptSigner.load(target);
    }

    @Test
    void publicKeysAreMountedWhereTheyAreLookedFor() {
        for (String service : List.of("learner", "evaluator", "classifier", "console")) {
            Workload workload = overlay.service(service);
            overlay.environment(workload).forEach((variable, value) -> {
                if (variable.endsWith("_PUBLIC_KEYS")) {
                    assertEquals("promptgate-public-keys", volume(workload, workload.container(), value).at("/configMap/name").asText(),
                            variable);
                }
            });
        }
    }

    @Test
    void everySecretIsStrimzisOrTheReadmeSaysHowToMakeIt() throws Exception {
        Set<String> made = overlay.ofKind("KafkaUser").map(user -> user.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        made.add("kafka-cluster-ca-cert");
        String readme = Files.readString(Path.of("README.md"));
        Set<String> referred = new TreeSet<>();
        overlay.resources().forEach(resource -> {
            resource.findValues("secretKeyRef").forEach(reference -> referred.add(reference.get("name").asText()));
            resource.findValuesAsText("secretName").forEach(referred::add);
            resource.findValues("secretTargetRef").forEach(list -> list.forEach(reference -> referred.add(reference.get("name").asText())));
        });
        assertTrue(referred.containsAll(List.of("promptgate-encoder", "promptgate-candidate-signing-key", "promptgate-keda",
                "promptgate-classifier", "promptgate-console", "promptgate-api-token")), referred.toString());
        assertEquals(List.of(),
                referred.stream().filter(name -> !made.contains(name) && !readme.contains("create secret generic " + name + " ")).toList());
    }

    /** The volume that a container's path lies in. */
    private static JsonNode volume(Workload workload, JsonNode container, String path) {
        String name = StreamSupport.stream(container.get("volumeMounts").spliterator(), false)
                .filter(mount -> path.startsWith(mount.get("mountPath").asText() + "/"))
                .map(mount -> mount.get("name").asText()).findFirst().orElseThrow();
        return StreamSupport.stream(workload.pod().get("volumes").spliterator(), false)
                .filter(volume -> volume.get("name").asText().equals(name)).findFirst().orElseThrow();
    }
}
