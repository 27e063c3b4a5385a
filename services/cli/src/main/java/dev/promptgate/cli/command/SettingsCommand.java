package dev.promptgate.cli.command;

import dev.promptgate.service.secrets.SecretMask;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "settings", mixinStandardHelpOptions = true, description = "Prints every setting with the value in force, secrets masked.")
public final class SettingsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(names = "--markdown", description = "the table with types, defaults and meanings, as in shared/service/SETTINGS.md")
    private boolean markdown;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut()
                .println((markdown ? KnownSettings.catalogue().markdown() : SecretMask.ofProcess().apply(common.resolve().describe()))
                        .stripTrailing());
        return 0;
    }
}
