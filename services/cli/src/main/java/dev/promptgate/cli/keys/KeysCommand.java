package dev.promptgate.cli.keys;

import picocli.CommandLine.Command;

@Command(name = "keys", mixinStandardHelpOptions = true, description = "Keys that candidates and rollouts are "
        + "signed with.", subcommands = KeysGenerateCommand.class)
public final class KeysCommand {}
