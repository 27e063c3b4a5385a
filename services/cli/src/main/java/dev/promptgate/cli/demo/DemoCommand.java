package dev.promptgate.cli.demo;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.DeviceMeters;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.host.ServiceProcess;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "demo", mixinStandardHelpOptions = true, description = "Runs everything in one process: an embedded Kafka broker, "
        + "encoder, learner, evaluator, classifier and console, and a producer that plays the bundled sample stream: 60 classes first, "
        + "then five waves of 8 newly labelled ones; 20 probe classes are never trained.", footer = {
                "", "Ends with a table of the hand-written prompt against the live one. The same seed gives the same verdicts.",
                "", "Examples:", "  promptgate demo", "  promptgate demo --summary demo.json --keep-running --http-port 9090",
                "  promptgate demo --set learner.method=coop"})
public final class DemoCommand extends PromptgateCommand {
    @Mixin
    private ModelOptions model;

    @Option(names = "--summary", paramLabel = "FILE", description = "writes the final table as JSON")
    private Path summary;

    @Option(names = "--keep-running", description = "leave everything up at the end, until the process is stopped")
    private boolean keepRunning;

    @Option(names = "--http-port", paramLabel = "PORT", description = "port of metrics and health; default: any free one")
    private Integer httpPort;

    @Option(names = "--console-port", paramLabel = "PORT", description = "port of the console's page; default: any free one")
    private Integer consolePort;

    @Option(names = "--seed", defaultValue = "1", description = "of the order of classes and images, and of the learner; default "
            + "${DEFAULT-VALUE}")
    private long seed;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = out();
        LogLevel.warningsUnlessChosen(); // the demo's own lines tell the same
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Map<String, String> options = new HashMap<>(model.settings());
            CommonOptions.put(options, HttpSettings.PORT, httpPort);
            CommonOptions.put(options, ConsoleSettings.PORT, consolePort);
            DemoProfile demo = new DemoProfile();
            Map<String, String> profile = demo.settings(kafka.bootstrapServers(), seed);
            SettingsValues values = common.resolve(profile, options);
            KafkaClients clients = CommonOptions.clients(values);
            TopicNames topics = CommonOptions.topics(values);
            TopicsCommand.provision(values, true);
            try (ClipModel clip = ModelOptions.load(values); ServiceHost host = new ServiceHost(values)) {
                DeviceMeters.register(host.registry(), clip.device());
                DemoServices services = DemoServices.start(more -> common.resolve(profile, joined(options, more)), clients, topics, clip,
                        host);
                String address = "http://%s:%d".formatted(values.get(HttpSettings.HOST), host.port());
                out.printf("Kafka at %s, metrics at %s/metrics, health at %s/health/ready, classifier at %s/v1/classify%n",
                        clients.bootstrapServers(), address, address, services.classifierAddress());
                out.printf("Watch it at %s%s%n", services.consoleAddress(), demo.fragment(values));
                out.flush();
                boolean complete = play(host, clients, topics, out);
                if (keepRunning) {
                    CompletableFuture<Void> end = ServiceProcess.end(host, values.get(HttpSettings.SHUTDOWN_TIMEOUT));
                    out.println("Still running; stop it with Ctrl-C.");
                    out.flush();
                    end.get();
                }
                return complete ? 0 : 1;
            }
        }
    }

    private static Map<String, String> joined(Map<String, String> options, Map<String, String> more) {
        Map<String, String> joined = new HashMap<>(options);
        joined.putAll(more);
        return joined;
    }

    private boolean play(ServiceHost host, KafkaClients clients, TopicNames topics, PrintWriter out) throws Exception {
        try (TopicWatch watch = new TopicWatch(clients, topics);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            DemoSummary result = new DemoStream(DemoPlan.of(seed), host, watch, producer, topics, out).play(seed);
            result.print(out);
            SummaryOption.write(summary, result.json());
            return result.isComplete();
        }
    }
}
