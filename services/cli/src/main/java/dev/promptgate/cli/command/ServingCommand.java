package dev.promptgate.cli.command;

import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.host.ServiceProcess;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** A command that serves until it is told to stop. */
abstract class ServingCommand extends PromptgateCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCommand.class);

    @Option(names = "--http-port", paramLabel = "PORT", description = "port of metrics and health; 0 takes any (http.port)")
    private Integer httpPort;

    /** The settings, with some that are given as options; they fit the topics there are. */
    SettingsValues resolve(Map<String, String> more) throws InterruptedException {
        Map<String, String> options = new HashMap<>(more);
        CommonOptions.put(options, HttpSettings.PORT, httpPort);
        SettingsValues values = common.resolve(Map.of(), options);
        TopicsCommand.requireUsable(values); // a clear word now is better than a timeout later
        return values;
    }

    /** Blocks until a signal comes or the host fails; the log says where it is to be found, besides metrics and health. */
    void serve(ServiceHost host, SettingsValues values, String where, String about) throws Exception {
        CompletableFuture<Void> end = ServiceProcess.end(host, values.get(HttpSettings.SHUTDOWN_TIMEOUT));
        LOG.info("Started; {}metrics and health at http://{}:{} [{}kafka: {}]", where, values.get(HttpSettings.HOST), host.port(), about,
                CommonOptions.clients(values));
        try (KafkaCheck check = KafkaCheck.start(values)) {
            end.get();
        }
        LOG.info("Stops: finishes what is in hand");
    }

    void stopped() {
        LOG.info("Stopped in order");
    }
}
