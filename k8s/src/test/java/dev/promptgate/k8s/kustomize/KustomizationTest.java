package dev.promptgate.k8s.kustomize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KustomizationTest {
    @ParameterizedTest
    @ValueSource(strings = {"local", "gpu", "production"})
    void overlaysComeOutAsTheRealKustomizeMakesThem(String overlay) throws Exception {
        assumeTrue(hasKustomize(), "kubectl with kustomize 5 is not installed: the renderer of the tests is not held against the real one");
        Path folder = Path.of("overlays", overlay);
        TreeMap<String, ObjectNode> real = byName(YamlFile.parse(kubectl("kustomize", folder.toString())));
        TreeMap<String, ObjectNode> ours = byName(Kustomization.render(folder));
        assertEquals(real.keySet(), ours.keySet());
        real.forEach((name, object) -> assertEquals(object, ours.get(name), name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"namePrefix: x-", "images: [{name: a, newTag: b, newName: c}]", "patches: [{patch: '{}'}]", "helmCharts: []"})
    void whatItDoesNotKnowIsRefused(String line, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), line + "\n");
        assertThrows(IllegalArgumentException.class, () -> Kustomization.render(folder));
    }

    @Test
    void aPatchThatMeetsNothingIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), "patches: [{path: patch.yaml}]\n");
        Files.writeString(folder.resolve("patch.yaml"), "{kind: Deployment, metadata: {name: nobody}}\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Kustomization.render(folder)).getMessage().contains("met: 0"));
    }

    private static TreeMap<String, ObjectNode> byName(List<ObjectNode> resources) {
        TreeMap<String, ObjectNode> byName = new TreeMap<>();
        for (ObjectNode resource : resources) {
            sortNamedLists(resource);
            byName.put(resource.get("kind").asText() + "/" + resource.at("/metadata/name").asText(), resource);
        }
        assertEquals(resources.size(), byName.size());
        return byName;
    }

    /** Where elements have a name their order means nothing, and kustomize puts a patch's first. */
    private static void sortNamedLists(JsonNode node) {
        node.properties().forEach(field -> {
            String key = StrategicMerge.MERGE_KEYS.get(field.getKey());
            if (key != null && field.getValue() instanceof ArrayNode list && !list.isEmpty() && list.get(0).has(key)) {
                List<JsonNode> elements = new ArrayList<>();
                list.forEach(elements::add);
                elements.sort(Comparator.comparing(element -> element.get(key).asText()));
                list.removeAll().addAll(elements);
            }
        });
        node.forEach(KustomizationTest::sortNamedLists);
    }

    private static boolean hasKustomize() throws InterruptedException {
        try {
            return kubectl("version", "--client").contains("Kustomize Version: v5");
        } catch (IOException e) {
            return false; // no kubectl
        }
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
