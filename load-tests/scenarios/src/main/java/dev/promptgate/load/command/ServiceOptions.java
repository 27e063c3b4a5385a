package dev.promptgate.load.command;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.load.service.Sampler.Watched;
import dev.promptgate.load.service.ServiceSet;
import dev.promptgate.load.service.StartedService;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which services the load falls on, and how they are started where the run starts them. */
final class ServiceOptions {
    /** Three processes share the cores. */
    private static final Map<String, String> SHARED_CORES = Map.of("OMP_NUM_THREADS", "1");

    @Option(names = "--service-set", paramLabel = "KEY=VALUE", description = "a setting of the services that are started; repeat for more")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--service-heap", paramLabel = "SIZE", defaultValue = "700m", description = "largest Java heap of each service "
            + "that is started; default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(names = "--metrics", paramLabel = "SERVICE=URL", description = "where the meters of a running service are, e.g. "
            + "learner=http://127.0.0.1:9091; repeat for more")
    private Map<String, URI> metrics = new LinkedHashMap<>();

    /** @throws ParameterException if --metrics was given, which services that are started do not need */
    void requireNoMetrics(CommandSpec spec) {
        if (!metrics.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--metrics is for services that run already; give --bootstrap-servers, too");
        }
    }

    /** Services that run elsewhere, to be sampled by their meters. */
    List<Watched> watched(CommandSpec spec) {
        metrics.keySet().stream().filter(name -> !ServiceSet.SERVICES.contains(name)).findFirst().ifPresent(name -> {
            throw new ParameterException(spec.commandLine(), "--metrics knows encoder, learner and evaluator [given: %s]".formatted(name));
        });
        return metrics.entrySet().stream().map(entry -> new Watched(entry.getKey(), entry.getValue(), null)).toList();
    }

    /** Starts all three against a broker and waits for them. */
    ServiceSet start(SettingsValues values, String bootstrapServers, ModelOptions model, Path directory)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("--bootstrap-servers", bootstrapServers, "--topic-prefix",
                CommonOptions.topics(values).prefix(), "--http-port", "0"));
        Map<String, String> all = new LinkedHashMap<>(model.settings());
        all.putAll(settings);
        all.forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
        Map<String, String> environment = new HashMap<>(SHARED_CORES);
        environment.keySet().removeAll(System.getenv().keySet()); // what the operator has set stands
        return ServiceSet.start(StartedService.promptgate(heap), options, environment, directory);
    }
}
