package dev.promptgate.cli.gate;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.CommandReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "rollouts", mixinStandardHelpOptions = true, description = "Prints the history of the live prompt: rollouts, "
        + "rollbacks, pauses and commands with their reasons, the oldest first.", footer = {
                "", "Examples:", "  promptgate rollouts",
                "  promptgate rollouts --all --last 50      verdicts that rolled nothing out, too",
                "  promptgate rollouts --json"})
public final class RolloutsCommand extends PromptgateCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Option(names = "--all", description = "candidates that were not rolled out or refused, too")
    private boolean all;

    @Option(names = "--last", paramLabel = "N", defaultValue = "20", description = "the last N entries; default: ${DEFAULT-VALUE}")
    private int last;

    @Option(names = "--json", description = "the reports as they stand in evaluation-reports, a line each, without the gate's inner "
            + "state")
    private boolean json;

    @Override
    public Integer call() {
        SettingsValues values = common.resolve();
        String prompt = values.get(PromptSettings.NAME);
        Deque<String> lines = new ArrayDeque<>();
        PromptKey key = new PromptKey(prompt);
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            log.forEach(CommonOptions.topics(values).evaluationReports(), record -> {
                if (key.isOf(record) && record.value() != null) {
                    take(record, lines);
                }
            });
        }
        lines.forEach(out()::println);
        if (lines.isEmpty() && !json) {
            out().printf("nothing was rolled out yet: the hand-written prompt is live [prompt: %s]%n", prompt);
        }
        return 0;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Deque<String> lines) {
        try {
            EvaluationReport report = ReportCodec.decode(record.value());
            if (isShown(report)) {
                lines.add(json ? ReportCodec.text(record.value()) : line(report));
                if (lines.size() > last) {
                    lines.remove();
                }
            }
        } catch (InvalidReportException e) {
            err().printf("promptgate: a report is passed over: %s [offset: %d]%n", e.getMessage(), record.offset());
        }
    }

    private boolean isShown(EvaluationReport report) {
        return switch (report.kind()) {
            case VERDICT -> all || ((VerdictReport) report).isRolledOut();
            case REFUSAL -> all;
            case MEASUREMENT -> false;
            case ROLLBACK, REPAIR, ALARM, COMMAND -> true;
        };
    }

    private static String line(EvaluationReport report) {
        String accuracies = report.comparison().flatMap(comparison -> comparison.accuracies(Role.CANDIDATE))
                .map(figures -> "seen %s unseen %s HM %s joint %s  ".formatted(percent(figures.seen()), percent(figures.unseen()),
                        percent(figures.hm()), percent(figures.joint())))
                .orElse("");
        String calibration = report.comparison().flatMap(comparison -> comparison.calibration(Role.CANDIDATE))
                .map(figures -> "ECE %s answers %s at %s  ".formatted(percent(figures.calibrated().ece()),
                        percent(figures.selective().coverage()), percent(figures.selective().targetError())))
                .orElse("");
        return "%s  %s  %s%s%s".formatted(TIME.format(Instant.ofEpochMilli(report.head().createdAt())), what(report), accuracies,
                calibration, report.reason());
    }

    private static String what(EvaluationReport report) {
        long live = report.head().liveVersion();
        if (report instanceof VerdictReport verdict) {
            long candidate = verdict.ruling().candidateVersion();
            Answer outcome = verdict.ruling().outcome();
            return verdict.isRolledOut() ? "rollout   %4d → %-4d".formatted(live, candidate)
                    : "%-9s %4d       ".formatted(!verdict.rollout().heldBy().isEmpty() ? "held"
                            : outcome == Answer.INCONCLUSIVE ? "unclear" : outcome.wireName(), candidate);
        }
        if (report instanceof ReplacementReport change) {
            return "%-9s %4d → %-4d".formatted(change.kind().wireName(), change.replacement().from(), change.replacement().to());
        }
        if (report instanceof CommandReport command) {
            return "%-9s %4d       ".formatted(command.answer().command() + (command.answer().accepted() ? "" : "!"), live);
        }
        return "%-9s            ".formatted(report.kind().wireName());
    }

    private static String percent(double fraction) {
        return Double.isNaN(fraction) ? "–" : String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
    }
}
