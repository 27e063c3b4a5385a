package dev.promptgate.cli.command;

import dev.promptgate.service.secrets.SecretMask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "settings", mixinStandardHelpOptions = true, description = "Prints every setting with the value in force, secrets masked.")
public final class SettingsCommand extends PromptgateCommand {
    @Option(names = "--markdown", description = "the table with types, defaults and meanings, as in shared/service/SETTINGS.md")
    private boolean markdown;

    @Override
    public Integer call() {
        String table = markdown ? KnownSettings.catalogue().markdown() : SecretMask.ofProcess().apply(common.resolve().describe());
        out().println(table.stripTrailing());
        return 0;
    }
}
