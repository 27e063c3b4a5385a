package dev.promptgate.cli.command;

import dev.promptgate.console.ConsoleService;
import dev.promptgate.console.ConsoleVerticle;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.host.ServiceProcess;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "console", mixinStandardHelpOptions = true, description = "Serves the page where people watch the flow, the prompts and the gate, and steer it if api.token is set. Needs no model.", footer = {
        "", "Examples:", "  promptgate console --bootstrap-servers kafka:9092 --port 8081",
        "  PROMPTGATE_API_TOKEN=… promptgate console --set console.classifier-url=http://127.0.0.1:8080"})
public final class ConsoleCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleCommand.class);

    @Mixin
    private CommonOptions common;

    @Option(names = "--port", paramLabel = "PORT", description = "port of the page; 0 takes any (console.port)")
    private Integer port;

    @Option(names = "--http-port", paramLabel = "PORT", description = "port of metrics and health; 0 takes any (http.port)")
    private Integer httpPort;

    @Override
    public Integer call() throws Exception {
        Map<String, String> options = new HashMap<>();
        if (port != null) {
            options.put(ConsoleSettings.PORT.key(), port.toString());
        }
        if (httpPort != null) {
            options.put(HttpSettings.PORT.key(), httpPort.toString());
        }
        SettingsValues values = common.resolve(Map.of(), options);
        KafkaClients clients = CommonOptions.clients(values);
        TopicsCommand.requireUsable(values); // a clear word now is better than a timeout later
        try (ServiceHost host = new ServiceHost(values)) {
            ConsoleVerticle console = ConsoleService.verticle(values, clients, CommonOptions.topics(values), host).get();
            host.start(List.of(() -> console)).await();
            CompletableFuture<Void> end = ServiceProcess.end(host, values.get(HttpSettings.SHUTDOWN_TIMEOUT));
            LOG.info("Started; the page is at {}, metrics and health at http://{}:{} [kafka: {}]", console.address(),
                    values.get(HttpSettings.HOST),
                    host.port(), clients);
            try (KafkaCheck check = KafkaCheck.start(values)) {
                end.get();
            }
            LOG.info("Stops: finishes what is in hand");
        }
        LOG.info("Stopped in order");
        return 0;
    }
}
