package dev.promptgate.benchmarks.command;

import dev.promptgate.cli.CommandPlugin;
import picocli.CommandLine.Command;

@Command(name = "bench", mixinStandardHelpOptions = true, description = "Benchmarks; each reports a ratio measured in one run, so that "
        + "a noisy machine does little harm.", subcommands = {
                BenchStepCommand.class, BenchDecodeCommand.class, BenchEncodeCommand.class, BenchClassifyCommand.class,
                BenchClassesCommand.class, BenchSuspectsCommand.class,
                BenchClassifyCommand.ClassifierUnderTest.class})
public final class BenchCommand implements CommandPlugin {}
