package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every alert needs beside its expression. */
class RulesTest {
    private static final List<MonitoringFiles.Rule> ALERTS = MonitoringFiles.rules().stream().filter(MonitoringFiles.Rule::isAlert)
            .toList();

    @Test
    void everyAlertSaysHowSevereItIsAndWhatIsWrong() {
        Set<String> names = new TreeSet<>();
        for (MonitoringFiles.Rule alert : ALERTS) {
            assertTrue(alert.name().startsWith("Promptgate") && names.add(alert.name()), alert.name());
            assertTrue(Set.of("critical", "warning").contains(alert.entry().path("labels").path("severity").asText()), alert.name());
            for (String annotation : List.of("summary", "description", "runbook_url")) {
                assertFalse(alert.entry().path("annotations").path(annotation).asText().isBlank(), alert.name() + ": " + annotation);
            }
        }
        assertFalse(names.isEmpty());
    }

    @Test
    void everyAlertHasItsPageInTheRunbookAndEveryPageItsAlert() throws IOException {
        Set<String> pages = Files.readAllLines(MonitoringFiles.RUNBOOK).stream().filter(line -> line.startsWith("### Promptgate"))
                .map(line -> line.substring(4).strip())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ALERTS.stream().map(MonitoringFiles.Rule::name).collect(Collectors.toCollection(TreeSet::new)), pages);
        for (MonitoringFiles.Rule alert : ALERTS) {
            String link = alert.entry().path("annotations").path("runbook_url").asText();
            assertTrue(link.endsWith("infra/runbook.md#" + alert.name().toLowerCase(Locale.ROOT)), link); // the anchor that forges make of
                                                                                                          // a heading
        }
    }

    @Test
    void everyAlertIsTestedBothWays() {
        Set<String> raised = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        for (Path file : MonitoringFiles.in(MonitoringFiles.RULE_TESTS, ".yaml")) {
            for (JsonNode test : MonitoringFiles.yaml(file).path("tests")) {
                test.path("alert_rule_test")
                        .forEach(check -> (check.path("exp_alerts").isEmpty() ? quiet : raised).add(check.path("alertname").asText()));
            }
        }
        Set<String> all = ALERTS.stream().map(MonitoringFiles.Rule::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, raised, "alerts that a promtool test raises");
        assertEquals(all, quiet, "alerts that a promtool test leaves quiet");
    }
}
