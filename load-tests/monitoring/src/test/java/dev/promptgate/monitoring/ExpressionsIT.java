package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.DemoRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every expression of dashboards and rules, on a real Prometheus that scrapes a demo, whose classifier an application asks, from its first
 * second to its end.
 */
@NeedsPrometheus
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExpressionsIT {
    /** What selectors may find nothing in a healthy demo: ALERTS has a series for each alert that is pending or fires. */
    private static final Set<String> MAY_BE_EMPTY = Set.of("ALERTS{alertname=~\"Promptgate.+\", alertstate=\"firing\"}");

    private static final int CLASSES = 48;
    private static final String TOKEN = "t0ken-of-the-test";

    private DemoRun demo;
    private Application application;
    private PrometheusRun prometheus;
    private double begin;
    private double end;

    @BeforeAll
    void playTheDemo(@TempDir Path directory) throws Exception {
        demo = DemoRun.start(directory, "metrics at ", Map.of("PROMPTGATE_API_TOKEN", TOKEN), "--images",
                photos(directory.resolve("photos")).toString(), "--set", "classifier.shadow=true");
        begin = System.currentTimeMillis() / 1000.0;
        prometheus = PrometheusRun.start(directory, demo.find("metrics at http://(\\S+)/metrics"));
        application = Application.start(demo.find("classifier at (http://\\S+)/v1/classify"), TOKEN);
        demo.awaitPlayed();
        TimeUnit.SECONDS.sleep(5); // a few more scrapes, and rules on top of rules
        end = System.currentTimeMillis() / 1000.0;
    }

    /** A part of the sample stream that is played in half a minute. */
    private static Path photos(Path folder) throws IOException {
        List<String> labels = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(CLASSES).toList();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (labels.contains(entry.label())) {
                Path part = folder.resolve(entry.split().equals("train") ? "train" : "test").resolve(entry.label());
                Files.write(Files.createDirectories(part).resolve(Path.of(entry.file()).getFileName()), SampleStream.bytes(entry));
            }
        }
        return folder;
    }

    @AfterAll
    void stop() throws Exception {
        if (application != null) {
            application.close();
        }
        if (prometheus != null) {
            prometheus.close();
        }
        if (demo != null) {
            demo.close();
        }
    }

    @Test
    void theClassifierAnsweredWhileThePromptChanged() {
        assertTrue(application.answered() > 20, "answers: " + application.answered());
    }

    @Test
    void everyPanelShowsSomething() throws Exception {
        assertEquals(List.of(), withoutData(MonitoringFiles.panels()));
    }

    @Test
    void everyRecordHasAValue() throws Exception {
        assertEquals(List.of(), withoutData(MonitoringFiles.records()));
        assertEquals(List.of(), withoutData(MonitoringFiles.rules().stream().filter(rule -> !rule.isAlert())
                .map(rule -> new MonitoringFiles.Expression("recorded: " + rule.name(), rule.name())).toList()));
    }

    /** An expression without a single number at any time of the demo is one that asks for the wrong thing. */
    private List<String> withoutData(List<MonitoringFiles.Expression> expressions) throws Exception {
        assertFalse(expressions.isEmpty());
        List<String> empty = new ArrayList<>();
        for (MonitoringFiles.Expression expression : expressions) {
            boolean hasNumber = false;
            for (JsonNode series : prometheus.query(Promql.withoutVariables(expression.text()), begin, end)) {
                for (JsonNode sample : series.path("values")) {
                    hasNumber |= !sample.path(1).asText().equals("NaN");
                }
            }
            if (!hasNumber) {
                empty.add(expression.where() + ": " + expression.text());
            }
        }
        return empty;
    }

    /** Alerts and marks are empty while all is well; but what they look at must be there, each label's value included. */
    @Test
    void whatAlertsAndAnnotationsLookAtIsThere() throws Exception {
        List<MonitoringFiles.Expression> expressions = new ArrayList<>(MonitoringFiles.alerts());
        expressions.addAll(MonitoringFiles.annotations());
        expressions.addAll(MonitoringFiles.panels());
        List<String> missing = new ArrayList<>();
        for (MonitoringFiles.Expression expression : expressions) {
            prometheus.query(Promql.withoutVariables(expression.text()));
            for (String selector : Promql.selectors(Promql.withoutVariables(expression.text()))) {
                if (!MAY_BE_EMPTY.contains(selector) && prometheus.query(selector).isEmpty()) {
                    missing.add(expression.where() + ": " + selector);
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyVariableOffersSomething() throws Exception {
        for (MonitoringFiles.Expression variable : MonitoringFiles.variables()) {
            LabelValues query = LabelValues.parse(variable.text());
            assertFalse(prometheus.labelValues(Promql.withoutVariables(query.selector()), query.label()).isEmpty(), variable.where());
        }
    }

    @Test
    void prometheusEvaluatesEveryRuleAndAHealthyDemoRaisesNoAlert() throws Exception {
        Set<String> loaded = new TreeSet<>();
        for (JsonNode group : prometheus.ruleGroups()) {
            for (JsonNode rule : group.path("rules")) {
                loaded.add(rule.path("name").asText());
                assertEquals("ok", rule.path("health").asText(), rule.path("name").asText() + ": " + rule.path("lastError").asText());
                for (JsonNode alert : rule.path("alerts")) {
                    assertFalse(alert.path("state").asText().equals("firing"), alert.toString());
                }
            }
        }
        assertEquals(new TreeSet<>(MonitoringFiles.rules().stream().map(MonitoringFiles.Rule::name).toList()), loaded);
    }
}
