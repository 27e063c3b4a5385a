package dev.promptgate.cli.gate;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.messaging.client.GateClient;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

public final class GateCommands {
    private GateCommands() {}

    abstract static class Steering extends PromptgateCommand {
        @Mixin
        private AuditOptions audit;

        @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "30", description = "how long to wait for the evaluator; "
                + "default: ${DEFAULT-VALUE}")
        private int wait;

        private final GateCommand.Action action;

        Steering(GateCommand.Action action) {
            this.action = action;
        }

        OptionalLong to() {
            return OptionalLong.empty();
        }

        @Override
        public Integer call() throws Exception {
            if (wait < 1) {
                throw new IllegalArgumentException("--wait must be positive [wait: " + wait + "]");
            }
            // A rollback that comes hours later does harm; a pause does not.
            long expiresAt = action == GateCommand.Action.ROLLBACK ? System.currentTimeMillis() + 1000L * wait : 0;
            GateCommand command = new GateCommand(UUID.randomUUID().toString(), action, to(), audit.reason(), audit.by(), expiresAt);
            Optional<EvaluationReport> report = ask(common.resolve(), command);
            if (report.isEmpty()) {
                err().printf("promptgate: the evaluator did not answer within %d s; is it running? The command stays in the topic, and the "
                        + "evaluator carries it out in its turn; to take it back, send another behind it.%n", wait);
                return 1;
            }
            boolean accepted = report.get().command().orElseThrow().accepted();
            if (accepted) {
                out().println(describe(report.get()));
            } else {
                err().printf("promptgate: refused: %s%n", report.get().reason());
            }
            return accepted ? 0 : 1;
        }

        private Optional<EvaluationReport> ask(SettingsValues values, GateCommand command) throws IOException, InterruptedException {
            try (GateClient gate = new GateClient(CommonOptions.clients(values), CommonOptions.topics(values),
                    values.get(PromptSettings.NAME))) {
                return gate.ask(command, Duration.ofSeconds(wait));
            }
        }

        private static String describe(EvaluationReport report) {
            return report instanceof ReplacementReport rollback ? "rolled back from version %d to %d"
                    .formatted(rollback.replacement().from(), rollback.replacement().to()) : report.reason();
        }
    }

    @Command(name = "rollback", mixinStandardHelpOptions = true, description = "Makes the last good prompt live again, or any "
            + "version that was live before; nothing is rolled out during the cool-down that follows.", footer = {
                    "", "Examples:", "  promptgate rollback --reason 'complaints about mugs'", "  promptgate rollback --to 3",
                    "  promptgate rollback --to 0      the hand-written prompt"})
    public static final class Rollback extends Steering {
        @Option(names = "--to", paramLabel = "VERSION", description = "which version; default: the one that the live prompt replaced")
        private Long to;

        Rollback() {
            super(GateCommand.Action.ROLLBACK);
        }

        @Override
        OptionalLong to() {
            if (to != null && to < 0) {
                throw new IllegalArgumentException("--to must be a version from 0 on [to: " + to + "]");
            }
            return to == null ? OptionalLong.empty() : OptionalLong.of(to);
        }
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Pauses the gate: it judges, reports and watches, but "
            + "rolls out nothing and rolls back only on command.", footer = {
                    "", "Example: promptgate pause --reason 'sale weekend'"})
    public static final class Pause extends Steering {
        Pause() {
            super(GateCommand.Action.PAUSE);
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Ends a pause; the last candidate that passed "
            + "meanwhile is judged once more and rolled out if it still passes.", footer = {
                    "", "Example: promptgate resume"})
    public static final class Resume extends Steering {
        Resume() {
            super(GateCommand.Action.RESUME);
        }
    }
}
