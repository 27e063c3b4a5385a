package dev.promptgate.cli.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "rollouts", mixinStandardHelpOptions = true, description = "Prints the history of the live prompt: rollouts, rollbacks, pauses and commands with their reasons, the oldest first.", footer = {
        "", "Examples:", "  promptgate rollouts", "  promptgate rollouts --all --last 50      verdicts that rolled nothing out, too",
        "  promptgate rollouts --json"})
public final class RolloutsCommand implements Callable<Integer> {
    private static final Set<String> ALWAYS = Set.of("rollback", "repair", "alarm", "command");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private CommonOptions common;

    @Option(names = "--all", description = "candidates that were not rolled out or refused, too")
    private boolean all;

    @Option(names = "--last", paramLabel = "N", defaultValue = "20", description = "the last N entries; default: ${DEFAULT-VALUE}")
    private int last;

    @Option(names = "--json", description = "the reports as they stand in evaluation-reports, a line each, without the gate's inner state")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SettingsValues values = common.resolve();
        String prompt = values.get(PromptSettings.NAME);
        PrintWriter out = spec.commandLine().getOut();
        List<JsonNode> reports = read(values, prompt);
        for (JsonNode report : reports) {
            out.println(json ? report.toString() : line(report));
        }
        if (reports.isEmpty() && !json) {
            out.printf("nothing was rolled out yet: the hand-written prompt is live [prompt: %s]%n", prompt);
        }
        return 0;
    }

    private List<JsonNode> read(SettingsValues values, String prompt) {
        Deque<JsonNode> kept = new ArrayDeque<>();
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            log.forEach(CommonOptions.topics(values).evaluationReports(), record -> take(record, prompt, kept));
        }
        return new ArrayList<>(kept);
    }

    private void take(ConsumerRecord<byte[], byte[]> record, String prompt, Deque<JsonNode> kept) {
        if (record.value() == null || record.key() == null || !new String(record.key(), StandardCharsets.UTF_8).equals(prompt)) {
            return;
        }
        try {
            JsonNode report = JSON.readTree(record.value());
            String kind = report.path("kind").asText();
            if (report.path("rolled_out").asBoolean() || ALWAYS.contains(kind) || all && !kind.equals("measurement")) {
                if (report instanceof ObjectNode object) {
                    object.remove(List.of("state", "waves"));
                }
                kept.add(report);
                if (kept.size() > last) {
                    kept.remove();
                }
            }
        } catch (IOException e) {
            spec.commandLine().getErr().printf("promptgate: a report is no JSON and is passed over [offset: %d]%n", record.offset());
        }
    }

    private static String line(JsonNode report) {
        String kind = report.path("kind").asText();
        String what = switch (kind) {
            case "verdict" ->
                report.path("rolled_out").asBoolean()
                        ? "rollout   %4d → %-4d".formatted(report.path("live_version").asLong(), report.path("candidate_version").asLong())
                        : "%-9s %4d       ".formatted(
                                report.has("held_by") ? "held"
                                        : report.path("outcome").asText().equals("inconclusive") ? "unclear"
                                                : report.path("outcome").asText(),
                                report.path("candidate_version").asLong());
            case "rollback", "repair", "alarm" ->
                "%-9s %4d → %-4d".formatted(kind, report.path("from").asLong(), report.path("to").asLong());
            case "command" ->
                "%-9s %4d       ".formatted(report.path("command").asText() + (report.path("accepted").asBoolean() ? "" : "!"),
                        report.path("live_version").asLong());
            default -> "%-9s            ".formatted(kind);
        };
        JsonNode figures = report.path("candidate");
        String accuracies = figures.isMissingNode() ? ""
                : String.format(Locale.ROOT, "seen %s unseen %s HM %s joint %s  ", percent(figures, "seen"), percent(figures, "unseen"),
                        percent(figures, "hm"), percent(figures, "joint"));
        return "%s  %s  %s%s".formatted(TIME.format(Instant.ofEpochMilli(report.path("created_at").asLong())), what, accuracies,
                report.path("reason").asText());
    }

    private static String percent(JsonNode figures, String key) {
        return figures.path(key).isNumber() ? String.format(Locale.ROOT, "%.1f%%", 100 * figures.path(key).asDouble()) : "–";
    }
}
