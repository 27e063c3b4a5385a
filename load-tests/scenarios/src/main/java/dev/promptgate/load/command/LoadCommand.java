package dev.promptgate.load.command;

import dev.promptgate.cli.CommandPlugin;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.load.compare.RunComparison;
import dev.promptgate.load.drive.LoadRun;
import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.load.plan.Scenario;
import dev.promptgate.load.report.HtmlReport;
import dev.promptgate.load.report.RunReport;
import dev.promptgate.load.service.Sampler.Watched;
import dev.promptgate.load.service.ServiceSet;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "load", mixinStandardHelpOptions = true, description = "Puts a load of a known shape on the services and writes "
        + "report.json and report.html: throughput, latency by stage, lag, memory, processor time, and what became of "
        + "every image.", footer = {
                "",
                "Without --bootstrap-servers it starts an embedded broker and encoder, learner and evaluator in processes of their own. "
                        + "With it, the load falls on the services that run there; --metrics tells where their meters are.",
                "", "Scenarios (unless --rate and --duration say otherwise):",
                "  steady           60/s for 60 s after a ramp; a new class every five seconds",
                "  burst            40/s for 80 s, five times as much for 5 s out of every 20",
                "  soak             25/s for an hour", "  new-class-storm  250/s for 75 s: 1,000 new classes within the first minute",
                "  slow-consumer    as steady, the evaluator stopped for half of the time",
                "", "Examples:", "  promptgate load steady --output today",
                "  promptgate load steady --output tomorrow --against today/report.json", "",
                "Exit codes: 0 done, 1 failed or an image is not accounted for, 2 wrong usage, 3 something is worse than in the report of "
                        + "--against."})
public final class LoadCommand extends PromptgateCommand implements CommandPlugin {
    private static final int WORSE = 3;
    private static final String EMBEDDED = "embedded";

    @Parameters(index = "0", paramLabel = "SCENARIO", description = "steady, burst, soak, new-class-storm or slow-consumer")
    private String scenario;

    @Mixin
    private ModelOptions model;

    @Mixin
    private LoadOptions load;

    @Mixin
    private ServiceOptions services;

    @Option(names = "--output", paramLabel = "DIR", description = "the reports and the services' logs go here; default: load-SCENARIO")
    private Path output;

    @Option(names = "--against", paramLabel = "FILE", description = "report.json of an earlier run of the same load: says what moved "
            + "beyond the noise")
    private Path against;

    @Option(names = "--allow-remote", description = "let the load fall on brokers that are not on this machine")
    private boolean allowRemote;

    @Override
    public Integer call() throws Exception {
        LoadPlan plan = load.plan(spec, scenario);
        RunReport before = against == null ? null : RunReport.read(against); // before anything runs
        Path directory = Files.createDirectories(output == null ? Path.of("load-" + scenario) : output);
        LogLevel.warningsUnlessChosen(); // the command's own lines tell the same
        SettingsValues values = common.resolve(Map.of(KafkaSettings.BOOTSTRAP_SERVERS.key(), EMBEDDED), model.settings());
        RunReport report = values.get(KafkaSettings.BOOTSTRAP_SERVERS).equals(EMBEDDED) ? onEmbeddedBroker(plan, directory)
                : onCluster(plan, values);
        report.write(directory.resolve("report.json"));
        HtmlReport.write(report, directory.resolve("report.html"));
        print(report, directory);
        return compare(before, report);
    }

    private RunReport onEmbeddedBroker(LoadPlan plan, Path directory) throws Exception {
        services.requireNoMetrics(spec);
        line("starts a broker, an encoder, a learner and an evaluator; %d images in %.0f s".formatted(plan.rate().images(),
                plan.rate().seconds()));
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            SettingsValues values = common.resolve(Map.of(), Map.of(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers()));
            TopicsCommand.provision(values, true);
            try (ServiceSet started = services.start(values, kafka.bootstrapServers(), model, directory)) {
                List<Watched> watched = new ArrayList<>(started.watched());
                watched.add(new Watched("broker", null, ProcessHandle.current()));
                return run(plan, values, watched, Optional.of(started));
            }
        }
    }

    private RunReport onCluster(LoadPlan plan, SettingsValues values) throws Exception {
        if (plan.scenario() == Scenario.SLOW_CONSUMER) {
            throw new IllegalArgumentException(
                    "slow-consumer stops the evaluator, so it needs services that it has started; leave --bootstrap-servers out");
        }
        if (!allowRemote) {
            requireLoopback(values.get(KafkaSettings.BOOTSTRAP_SERVERS));
        }
        TopicsCommand.provision(values, false).stream().filter(state -> !state.isUsable()).findFirst().ifPresent(state -> {
            throw new IllegalStateException("Topic %s: %s".formatted(state.spec().name(), String.join("; ", state.mismatches())));
        });
        return run(plan, values, services.watched(spec), Optional.empty());
    }

    /** A load that was meant for a test must not meet a cluster that people use. */
    private static void requireLoopback(String bootstrapServers) {
        Arrays.stream(bootstrapServers.split(",")).map(String::strip).filter(server -> !isLoopback(server)).findFirst()
                .ifPresent(server -> {
                    throw new IllegalArgumentException(
                            "The load would fall on a broker that is not on this machine; add --allow-remote if that is meant [broker: "
                                    + server + "]");
                });
    }

    private static boolean isLoopback(String server) {
        String host = server.substring(0, Math.max(0, server.lastIndexOf(':'))).replaceAll("^\\[|]$", "");
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private RunReport run(LoadPlan plan, SettingsValues values, List<Watched> watched, Optional<ServiceSet> started) throws Exception {
        LoadRun.Target target = new LoadRun.Target(CommonOptions.clients(values), CommonOptions.topics(values),
                values.get(PromptSettings.NAME),
                new EncoderSettings(values).group(values.get(KafkaSettings.PREFIX)), watched, started);
        return new LoadRun(plan, target, Duration.ofMillis(Math.round(load.drainSeconds() * 1000)), this::line).run(load.command(scenario));
    }

    private void print(RunReport report, Path directory) {
        line(report.accounts().toString());
        report.stages().forEach((name, row) -> line("%-16s p50 %10.1f ms   p99 %10.1f ms   most %10.1f ms   of %s".formatted(name,
                row.get("p50_ms"), row.get("p99_ms"), row.get("max_ms"), row.get("count"))));
        line("prompts: " + report.prompts());
        if (!report.timing().drained()) {
            line("not everything was digested within --drain");
        }
        line("report: " + directory.resolve("report.html"));
    }

    private int compare(RunReport before, RunReport report) {
        Optional<RunComparison> comparison = Optional.ofNullable(before).map(earlier -> RunComparison.of(earlier, report));
        comparison.ifPresent(figures -> figures.lines().forEach(this::line));
        if (!report.accounts().isBalanced()) {
            err().println("promptgate: not every image is accounted for [%s]".formatted(report.accounts()));
            return 1;
        }
        return comparison.isPresent() && comparison.get().isWorse() ? WORSE : 0;
    }

    private void line(String text) {
        out().println("  " + text);
        out().flush();
    }
}
