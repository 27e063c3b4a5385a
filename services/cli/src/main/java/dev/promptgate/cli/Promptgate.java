package dev.promptgate.cli;

import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.ConsoleCommand;
import dev.promptgate.cli.command.ErrorReporting;
import dev.promptgate.cli.command.MetersCommand;
import dev.promptgate.cli.command.ServiceCommands;
import dev.promptgate.cli.command.SettingsCommand;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.command.Version;
import dev.promptgate.cli.compare.CompareCommand;
import dev.promptgate.cli.demo.DemoCommand;
import dev.promptgate.cli.erase.EraseCommand;
import dev.promptgate.cli.gate.GateCommands;
import dev.promptgate.cli.gate.PromptCommand;
import dev.promptgate.cli.gate.RolloutsCommand;
import dev.promptgate.cli.inspect.ModelCommand;
import dev.promptgate.cli.keys.KeysCommand;
import dev.promptgate.cli.labels.ClassesCommand;
import dev.promptgate.cli.labels.LabelsCommand;
import dev.promptgate.cli.labels.SuspectsCommand;
import dev.promptgate.cli.logging.LogFormat;
import dev.promptgate.cli.produce.ProduceCommand;
import dev.promptgate.cli.trace.TraceCommand;
import dev.promptgate.clip.hub.HomeDirectory;
import dev.promptgate.service.host.ServiceProcess;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code promptgate} command. */
@Command(name = "promptgate", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "Keeps the prompts of a CLIP "
        + "image classifier up to date from a stream of labelled images, and lets a new prompt out only when it does not hurt the classes "
        + "that already work.", synopsisSubcommandLabel = "COMMAND", footer = {
                "", "Start with: promptgate demo", "",
                "Settings are given as --set key=value, as environment variables (learner.min-shots is PROMPTGATE_LEARNER_MIN_SHOTS) or in "
                        + "a file (--config); the command line wins, then the environment. 'promptgate settings' lists them.",
                "", "Exit codes: 0 done, 1 failed (one line on standard error says why), 2 wrong usage or settings."})
public final class Promptgate {
    private static final List<Class<?>> COMMANDS = List.of(DemoCommand.class, ServiceCommands.Encoder.class, ServiceCommands.Learner.class,
            ServiceCommands.Evaluator.class, ServiceCommands.Classifier.class, ServiceCommands.Ingest.class, ConsoleCommand.class,
            ProduceCommand.class, ClassesCommand.class, LabelsCommand.class, SuspectsCommand.class, EraseCommand.class,
            TopicsCommand.class, TraceCommand.class, RolloutsCommand.class, PromptCommand.class,
            GateCommands.Rollback.class,
            GateCommands.Pause.class, GateCommands.Resume.class, ModelCommand.class, CompareCommand.class);
    /** The last ones in the list, behind those that are plugged in. */
    private static final List<Class<?>> ABOUT = List.of(KeysCommand.class, SettingsCommand.class, MetersCommand.class,
            CommandLine.HelpCommand.class);

    private Promptgate() {}

    /** Ends the process with the command's exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers and names are for programs too: a Turkish i or Arabic digits break some of them
        HomeDirectory.giveToLibraries(System.getenv());
        Thread.setDefaultUncaughtExceptionHandler(ErrorReporting::onUncaught);
        // The format now, since the first logger takes it as it is.
        Optional<String> complaint = LogFormat.complaint().or(() -> unreadable(args));
        complaint.ifPresent(line -> System.err.println("promptgate: " + line));
        ServiceProcess.exit(
                complaint.isPresent() ? CommandLine.ExitCode.USAGE : commandLine().setExecutionStrategy(Promptgate::execute).execute(args));
    }

    /** The JVM has put U+FFFD in place of what is no text in the locale's encoding. */
    private static Optional<String> unreadable(String[] args) {
        return Arrays.stream(args).filter(arg -> arg.indexOf('\uFFFD') >= 0).findFirst()
                .map(arg -> "An argument is no text in this locale; set LC_ALL=C.UTF-8 and give it in UTF-8 [encoding: %s, argument: %s]"
                        .formatted(System.getProperty("sun.jnu.encoding"), arg));
    }

    private static int execute(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.commandSpec().userObject() instanceof Computation) {
            ServiceProcess.endAtOnceWhenSignalled();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** The command line with every command, those of plug-ins included. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Promptgate());
        Stream<Class<? extends CommandPlugin>> plugins = ServiceLoader.load(CommandPlugin.class).stream()
                .<Class<? extends CommandPlugin>>map(ServiceLoader.Provider::type).sorted(Comparator.comparing(Class::getSimpleName));
        Stream.of(COMMANDS.stream(), plugins, ABOUT.stream()).flatMap(commands -> commands).forEach(line::addSubcommand);
        return line.setUsageHelpAutoWidth(true).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(ErrorReporting::onParameters).setExecutionExceptionHandler(ErrorReporting::onExecution);
    }
}
