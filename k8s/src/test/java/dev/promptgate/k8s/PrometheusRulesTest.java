package dev.promptgate.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.k8s.api.ApiTypes;
import dev.promptgate.k8s.kustomize.YamlFile;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that makes PrometheusRules of rule files. */
class PrometheusRulesTest {
    private static final Path RULES = Path.of("../infra/prometheus/rules");

    @Test
    void everyFileBecomesAnObject(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("flow.yml"), """
                groups:
                  - name: flow

                    rules:
                      - alert: LagGrows
                        expr: |
                          promptgate_encoder_lag
                            > 1000
                        for: 5m
                        labels: {severity: warning}
                """);
        Files.writeString(folder.resolve("promptgate.learning.yaml"), "---\n# none\ngroups: []\n");
        List<PrometheusRule> rules = run(0, folder);
        assertEquals(List.of("promptgate-flow", "promptgate-learning"), rules.stream().map(rule -> rule.getMetadata().getName()).toList());
        assertEquals("promptgate_encoder_lag\n  > 1000\n",
                rules.get(0).getSpec().getGroups().get(0).getRules().get(0).getExpr().getStrVal());
    }

    @Test
    void aFolderWithoutRulesIsAnError(@TempDir Path folder) throws Exception {
        assertEquals(List.of(), run(1, folder));
    }

    @Test
    void theRulesOfTheProductAreWhatThePrometheusOperatorKnows() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(RULES), "there are no rules yet in infra/prometheus/rules");
        List<PrometheusRule> rules = run(0);
        try (Stream<Path> files = Files.list(RULES)) {
            assertEquals(files.filter(file -> file.toString().matches(".*\\.ya?ml")).count(), rules.size());
        }
        assertTrue(rules.stream().allMatch(rule -> rule.getSpec().getGroups().stream().noneMatch(group -> group.getRules().isEmpty())));
    }

    private static List<PrometheusRule> run(int exitCode, Path... folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./prometheus-rules"));
        Stream.of(folder).map(Path::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exitCode, process.waitFor());
        return YamlFile.parse(output).stream().map(rule -> ApiTypes.parse(rule, PrometheusRule.class)).toList();
    }
}
