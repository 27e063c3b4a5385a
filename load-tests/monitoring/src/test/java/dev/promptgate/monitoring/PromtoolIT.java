package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Prometheus' own tool says of the configuration, the rules and their unit tests. */
@NeedsPrometheus
class PromtoolIT {
    @Test
    void theConfigurationIsValid() throws Exception {
        promtool("check", "config", MonitoringFiles.PROMETHEUS.toString());
    }

    @Test
    void theRulesAreValid() throws Exception {
        promtool("check", "rules", MonitoringFiles.RULES);
    }

    @Test
    void theUnitTestsOfTheRulesPass() throws Exception {
        promtool("test", "rules", MonitoringFiles.RULE_TESTS);
    }

    private static void promtool(String verb, String what, Path folder) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb, what));
        MonitoringFiles.in(folder, ".yaml").forEach(file -> arguments.add(file.toString()));
        promtool(arguments.toArray(String[]::new));
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
