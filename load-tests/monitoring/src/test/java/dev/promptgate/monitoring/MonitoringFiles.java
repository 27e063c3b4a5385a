package dev.promptgate.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of infra that tests read, and the expressions in them. */
final class MonitoringFiles {
    static final Path INFRA = Path.of("../../infra").toAbsolutePath().normalize();
    static final Path PROMETHEUS = INFRA.resolve("prometheus/prometheus.yml");
    static final Path DESCRIPTIONS = INFRA.resolve("grafana/descriptions");
    static final Path DASHBOARDS = INFRA.resolve("grafana/dashboards");
    static final Path RULES = INFRA.resolve("prometheus/rules");
    static final Path RULE_TESTS = INFRA.resolve("prometheus/tests");
    static final Path RUNBOOK = INFRA.resolve("runbook.md");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    /** @param where file and panel, alert or record */
    record Expression(String where, String text) {}

    record Rule(Path file, JsonNode entry) {
        boolean isAlert() {
            return entry.has("alert");
        }

        String name() {
            return entry.path(isAlert() ? "alert" : "record").asText();
        }

        Expression expression() {
            return new Expression(file.getFileName() + ": " + name(), entry.path("expr").asText());
        }
    }

    private MonitoringFiles() {}

    /** In the order of their names; never none. */
    static List<Path> in(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
            if (found.isEmpty()) {
                throw new AssertionError("No %s in %s".formatted(suffix, folder));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        return read(JSON, file);
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Path file : in(RULES, ".yaml")) {
            yaml(file).path("groups").forEach(group -> group.path("rules").forEach(rule -> rules.add(new Rule(file, rule))));
        }
        return rules;
    }

    static List<Expression> alerts() {
        return rules().stream().filter(Rule::isAlert).map(Rule::expression).toList();
    }

    static List<Expression> records() {
        return rules().stream().filter(rule -> !rule.isAlert()).map(Rule::expression).toList();
    }

    static List<Expression> panels() {
        List<Expression> expressions = new ArrayList<>();
        for (Path file : in(DASHBOARDS, ".json")) {
            json(file).path("panels").forEach(panel -> panel.path("targets").forEach(target -> expressions.add(
                    new Expression("%s: %s (%s)".formatted(file.getFileName(), panel.path("title").asText(), target.path("refId").asText()),
                            target.path("expr").asText()))));
        }
        return expressions;
    }

    static List<Expression> annotations() {
        List<Expression> expressions = new ArrayList<>();
        for (Path file : in(DASHBOARDS, ".json")) {
            json(file).path("annotations").path("list").forEach(annotation -> expressions.add(
                    new Expression("%s: annotation %s".formatted(file.getFileName(), annotation.path("name").asText()),
                            annotation.path("expr").asText())));
        }
        return expressions;
    }

    /** The queries of the dashboards' variables, {@code label_values(selector, label)}. */
    static List<Expression> variables() {
        List<Expression> expressions = new ArrayList<>();
        for (Path file : in(DASHBOARDS, ".json")) {
            json(file).path("templating").path("list").forEach(variable -> {
                if (variable.path("type").asText().equals("query")) {
                    expressions.add(new Expression("%s: variable %s".formatted(file.getFileName(), variable.path("name").asText()),
                            variable.path("query").path("query").asText()));
                }
            });
        }
        return expressions;
    }
}
