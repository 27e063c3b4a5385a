package dev.promptgate.cli.command;

import dev.promptgate.cli.logging.LogFormat;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.service.secrets.SecretMask;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.KafkaSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Every failure becomes one clear line on standard error and an exit code; the stack trace only with {@code --verbose}. Where the log is
 * JSON the line is one of the log, so that whatever collects it can read all of it. Secrets are masked in all of it.
 */
public final class ErrorReporting {
    private static final SecretMask MASK = SecretMask.ofProcess();
    private static final Pattern ASSIGNMENT = Pattern.compile("(?s)(?:--?[\\w-]+=)?([\\w.-]+)\\s*[=:]\\s*(.*)");

    private ErrorReporting() {}

    /** Wrong usage: 2, with the nearest known option or command. */
    public static int onParameters(ParameterException e, String[] args) {
        learn(args);
        CommandLine command = e.getCommandLine();
        StringWriter suggestions = new StringWriter();
        UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions, true));
        command.getErr().println(MASK.apply(command.getCommandName() + ": " + e.getMessage()));
        command.getErr().print(MASK.apply(suggestions.toString()));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** Arguments that were not understood are quoted, and a secret among them is not known from any setting yet. */
    private static void learn(String[] args) {
        for (int i = 0; i < args.length; i++) {
            Matcher assignment = ASSIGNMENT.matcher(args[i]);
            if (assignment.matches() && KafkaClients.isSecret(assignment.group(1))) {
                MASK.learn(assignment.group(1), assignment.group(2));
            } else if (i > 0 && args[i - 1].contains(KafkaSettings.PROPERTY_PREFIX) && KafkaClients.isSecret(args[i - 1])) {
                MASK.learn(args[i - 1], args[i]); // a blank in place of the equals sign
            }
        }
    }

    /** A failed command: 1; wrong settings: 2. */
    public static int onExecution(Exception e, CommandLine command, ParseResult parsed) {
        Throwable cause = e;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean verbose = parsed.expandedArgs().contains("--verbose") || parsed.originalArgs().contains("--verbose");
        // Masked before it is split into lines: a secret may be several.
        List<String> lines = MASK.apply(message(cause)).lines().toList();
        if (LogFormat.isJson()) {
            lines.forEach(log()::error);
            if (verbose) {
                log().error("Stack trace", cause);
            }
        } else {
            lines.forEach(line -> command.getErr().println("promptgate: " + line));
            if (verbose) {
                command.getErr().print(maskedTrace(cause));
                command.getErr().flush();
            }
        }
        return cause instanceof InvalidSettingsException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /**
     * What a thread died of; the JDK would print it as it is. A full heap ends the process: whoever waits for the thread waits for ever.
     */
    public static void onUncaught(Thread thread, Throwable e) {
        tellUncaught(thread, e);
        if (e instanceof OutOfMemoryError) {
            Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
        }
    }

    private static void tellUncaught(Thread thread, Throwable e) {
        if (LogFormat.isJson()) {
            log().error("A thread died [thread: {}]", thread.getName(), e);
            return;
        }
        System.err.print(MASK.apply("promptgate: a thread died [thread: %s]%n".formatted(thread.getName())) + maskedTrace(e));
    }

    /** Not kept: the first logger of a process takes the level as it is then, and a command may still set it. */
    private static Logger log() {
        return LoggerFactory.getLogger(ErrorReporting.class);
    }

    private static String message(Throwable cause) {
        if (cause instanceof KafkaException) {
            return KafkaFailure.explain(cause);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String maskedTrace(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace, true));
        return MASK.apply(trace.toString());
    }
}
