package dev.promptgate.cli.command;

import dev.promptgate.console.ConsoleVerticle;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "console", mixinStandardHelpOptions = true, description = "Serves the page where people watch the flow, the prompts "
        + "and the "
        + "gate, and steer it if api.token is set. Needs no model.", footer = {
                "", "Examples:", "  promptgate console --bootstrap-servers kafka:9092 --port 8081",
                "  PROMPTGATE_API_TOKEN=… promptgate console --set console.classifier-url=http://127.0.0.1:8080"})
public final class ConsoleCommand extends ServingCommand {
    @Option(names = "--port", paramLabel = "PORT", description = "port of the page; 0 takes any (console.port)")
    private Integer port;

    @Override
    public Integer call() throws Exception {
        Map<String, String> options = new HashMap<>();
        CommonOptions.put(options, ConsoleSettings.PORT, port);
        SettingsValues values = resolve(options);
        try (ServiceHost host = new ServiceHost(values)) {
            ConsoleVerticle console = new ConsoleVerticle(values, CommonOptions.clients(values), CommonOptions.topics(values), host);
            host.start(() -> console).await();
            serve(host, values, "the page is at " + console.address() + ", ", "");
        }
        stopped();
        return 0;
    }
}
