package dev.promptgate.history.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.CommandPlugin;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.history.HistoryCheck;
import dev.promptgate.history.HistoryCheck.Result;
import dev.promptgate.service.settings.SettingsValues;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "history", mixinStandardHelpOptions = true, subcommands = HistoryCommand.Check.class, description = "What the topics tell")
public final class HistoryCommand implements CommandPlugin {
    /** How much is done once more. */
    enum Recompute {
        NOTHING, VERDICTS, CONTEXTS
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = "Checks from the topics alone that nothing was lost or "
            + "counted twice, no transaction torn and no aborted record read; that versions grow, each live prompt was judged and not "
            + "refused, and candidates and verdicts come out the same when they are recomputed.", footer = {
                    "", "Examples:", "  promptgate history check", "  promptgate history check --config evaluator.yaml --json",
                    "  promptgate history check --recompute nothing       without a model, as fast as the topics can be read",
                    "",
                    "Give it the settings of the services. A line for each invariant; what breaks it is named by topic, partition and "
                            + "offset. The exit code is 1 if any is broken. Reads all topics from their beginning; writes nothing."})
    static final class Check extends PromptgateCommand {
        @Mixin
        private ModelOptions model;

        @Option(names = "--recompute", paramLabel = "WHAT", defaultValue = "verdicts", description = "nothing; verdicts, and what "
                + "candidates learned from; or contexts, too, which takes as long as the learner took, and the same kind of machine; "
                + "default: ${DEFAULT-VALUE}")
        private Recompute recompute;

        @Option(names = "--json", description = "one JSON object")
        private boolean json;

        @Override
        public Integer call() throws JsonProcessingException {
            LogLevel.warningsUnlessChosen(); // gate and memory tell what they do once more
            SettingsValues values = common.resolve(Map.of(), model.settings());
            HistoryCheck check = new HistoryCheck(CommonOptions.clients(values), CommonOptions.topics(values), values, Map.of());
            Result result = check(check, values);
            out().println(json ? new ObjectMapper().writeValueAsString(result) : result.toString());
            return result.isClean() ? 0 : 1;
        }

        private Result check(HistoryCheck check, SettingsValues values) {
            if (recompute == Recompute.NOTHING) {
                return check.run();
            }
            try (ClipModel clip = ModelOptions.load(values)) {
                return check.run(clip, recompute == Recompute.CONTEXTS);
            }
        }
    }
}
