package dev.promptgate.cli.command;

import dev.promptgate.service.settings.InvalidSettingsException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every failure becomes one clear line on standard error and an exit code; the stack trace only with {@code --verbose}. */
public final class ErrorReporting {
    private ErrorReporting() {}

    /** Wrong usage: 2, with the nearest known option or command. */
    public static int onParameters(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(command.getCommandName() + ": " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** A failed command: 1; wrong settings: 2. */
    public static int onExecution(Exception e, CommandLine command, ParseResult parsed) {
        Throwable cause = e;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean settings = cause instanceof InvalidSettingsException;
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        message.lines().forEach(line -> command.getErr().println("promptgate: " + line));
        if (parsed.expandedArgs().contains("--verbose") || parsed.originalArgs().contains("--verbose")) {
            cause.printStackTrace(command.getErr());
        }
        return settings ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
