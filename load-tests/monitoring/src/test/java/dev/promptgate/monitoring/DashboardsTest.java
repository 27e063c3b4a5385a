package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards are what their descriptions say, and Grafana can show them. */
class DashboardsTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
    private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__all");

    static List<Path> descriptions() {
        return MonitoringFiles.in(MonitoringFiles.DESCRIPTIONS, ".yaml");
    }

    static List<Path> dashboards() {
        return MonitoringFiles.in(MonitoringFiles.DASHBOARDS, ".json");
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void theDashboardIsWhatItsDescriptionSays(Path description) throws IOException {
        String expected = new ObjectMapper().writerWithDefaultPrettyPrinter()
                .writeValueAsString(DashboardJson.of(DashboardDescription.read(description))) + "\n";
        Path dashboard = dashboardOf(description);
        if (Boolean.getBoolean("dashboards.write")) {
            Files.writeString(dashboard, expected);
        }
        assertTrue(Files.exists(dashboard) && expected.equals(Files.readString(dashboard)),
                "%s is not what %s says; write it with -Ddashboards.write=true".formatted(dashboard.getFileName(),
                        description.getFileName()));
    }

    private static Path dashboardOf(Path description) {
        return MonitoringFiles.DASHBOARDS.resolve(description.getFileName().toString().replace(".yaml", ".json"));
    }

    @Test
    void everyDashboardHasADescription() {
        assertEquals(descriptions().stream().map(DashboardsTest::dashboardOf).collect(Collectors.toSet()), Set.copyOf(dashboards()));
    }

    @Test
    void uidsAndTitlesAreUnique() {
        for (String key : List.of("uid", "title")) {
            assertEquals(dashboards().size(), dashboards().stream().map(file -> MonitoringFiles.json(file).path(key).asText())
                    .filter(text -> !text.isBlank()).distinct().count(), key);
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap(Path file) {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : MonitoringFiles.json(file).path("panels")) {
            String title = panel.path("title").asText();
            assertTrue(panel.path("id").asInt() > 0 && ids.add(panel.path("id").asInt()), title);
            JsonNode place = panel.path("gridPos");
            assertTrue(place.path("x").asInt() + place.path("w").asInt() <= 24, title);
            for (int x = place.path("x").asInt(); x < place.path("x").asInt() + place.path("w").asInt(); x++) {
                for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
                    assertTrue(cells.add(List.of(x, y)), title + " lies on another panel");
                }
            }
        }
        assertFalse(ids.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsHaveWhatPeopleNeedToReadThem(Path file) {
        Set<String> titles = new HashSet<>();
        for (JsonNode panel : MonitoringFiles.json(file).path("panels")) {
            String title = panel.path("title").asText();
            assertTrue(!title.isBlank() && titles.add(title), "no title, or one twice: " + title);
            if (panel.path("type").asText().equals("row")) {
                continue;
            }
            assertFalse(panel.path("description").asText().isBlank(), title + " has no description");
            assertFalse(panel.path("fieldConfig").path("defaults").path("unit").asText().isBlank(), title + " has no unit");
            assertEquals("${datasource}", panel.path("datasource").path("uid").asText(), title + " has no data source");
            assertFalse(panel.path("targets").isEmpty(), title + " asks nothing");
            Set<String> refIds = new HashSet<>();
            for (JsonNode target : panel.path("targets")) {
                assertTrue(refIds.add(target.path("refId").asText()), title);
                assertEquals("${datasource}", target.path("datasource").path("uid").asText(), title);
                assertFalse(target.path("legendFormat").asText().isBlank(), title + " has no legend");
                assertFalse(target.path("expr").asText().isBlank(), title + " has no expression");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyVariableIsDefinedAndUsed(Path file) throws IOException {
        Set<String> defined = new TreeSet<>();
        MonitoringFiles.json(file).path("templating").path("list").forEach(variable -> defined.add(variable.path("name").asText()));
        Set<String> used = VARIABLE.matcher(Files.readString(file)).results().map((MatchResult match) -> match.group(1))
                .filter(name -> !BUILT_IN.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(defined, used);
    }

    @Test
    void grafanaIsProvisionedWithTheDataSourceAndTheFolder() {
        JsonNode source = MonitoringFiles.yaml(MonitoringFiles.INFRA.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                .path("datasources").path(0);
        assertEquals("prometheus", source.path("type").asText());
        assertTrue(source.path("isDefault").asBoolean(), "the dashboards' variable starts with the default one");
        assertTrue(
                source.path("jsonData").path("timeInterval").asText()
                        .startsWith(MonitoringFiles.yaml(MonitoringFiles.PROMETHEUS).path("global").path("scrape_interval").asText()),
                "$__rate_interval rests on the scrape interval");
        assertEquals("file", MonitoringFiles.yaml(MonitoringFiles.INFRA.resolve("grafana/provisioning/dashboards/promptgate.yaml"))
                .path("providers").path(0).path("type").asText());
    }
}
