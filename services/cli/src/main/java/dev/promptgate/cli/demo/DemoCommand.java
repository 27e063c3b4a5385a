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
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.host.ServiceProcess;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "demo", mixinStandardHelpOptions = true, description = "Runs everything in one process: an embedded Kafka broker, "
        + "encoder, learner, evaluator, classifier and console, and a producer that plays labelled images: the bundled sample stream, or "
        + "your own. One class in six is never trained, half of them come first, the others in up to five waves; of the sample stream 20, "
        + "60, and five times 8.", footer = {
                "", "In the sample stream labels go wrong twice and are put right: a candidate that learned from them fails, and one that "
                        + "passed on wrong evidence is rolled back (--no-incidents).",
                "", "Ends with a table of the hand-written prompt against the live one, with 95%% intervals. The same seed gives the same "
                        + "verdicts.",
                "",
                "--images takes what 'promptgate compare --data' takes: a folder with a folder per class (or train/ and test/ with one "
                        + "each), a manifest, or a CoOp split file. It needs five classes with ten images each. At most 16 of a "
                        + "class train; where nothing says which are held out, a third is. "
                        + "Images that cannot be used are named and counted.",
                "", "Examples:", "  promptgate demo", "  promptgate demo --images photos/ --model openai/clip-vit-base-patch16",
                "  promptgate demo --summary demo.json --keep-running --http-port 9090", "  promptgate demo --set learner.method=coop"})
public final class DemoCommand extends PromptgateCommand {
    @Mixin
    private ModelOptions model;

    @Option(names = "--images", paramLabel = "DIR", description = "your own images; default: the bundled sample stream")
    private Path images;

    @Option(names = "--max-images", paramLabel = "N", defaultValue = "2880", description = "with --images: at most N of them, spread over "
            + "as many classes as get 24 each; default ${DEFAULT-VALUE}")
    private int maxImages;

    @Option(names = "--no-incidents", description = "plays the sample stream without labels that go wrong and are put right; "
            + "your own images are always played so")
    private boolean withoutIncidents;

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
        LogLevel.warningsUnlessChosen(); // the demo's own lines tell the same
        Map<String, String> options = new HashMap<>(model.settings());
        CommonOptions.put(options, HttpSettings.PORT, httpPort);
        CommonOptions.put(options, ConsoleSettings.PORT, consolePort);
        SettingsValues asked = common.resolve(Map.of(), options);
        DemoPlan plan = plan(asked);
        String location = asked.get(ModelSettings.LOCATION);
        Map<String, String> subject = new LinkedHashMap<>();
        if (images != null || !location.equals(ModelSettings.BUNDLED)) {
            subject.put("data", images == null ? plan.name() : images.toString());
            subject.put("model", location);
        }
        DemoProfile demo = new DemoProfile(seed, hasIncidents());
        try (ClipModel clip = ModelOptions.load(asked)) {
            if (!subject.isEmpty()) {
                demo.fit(announce(plan, asked, clip));
            }
            try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
                return run(plan, clip, more -> common.resolve(demo.settings(kafka.bootstrapServers()), joined(options, more)), demo,
                        subject);
            }
        }
    }

    private boolean hasIncidents() {
        return images == null && !withoutIncidents;
    }

    private DemoPlan plan(SettingsValues values) throws DataException {
        if (images == null) {
            DemoPlan sample = DemoPlan.sample(seed);
            return hasIncidents() ? Incidents.into(sample, seed) : sample;
        }
        return DemoPlan.of(ImageSet.read(images, Optional.empty()),
                new DemoPlan.Bounds(values.get(LearnerSettings.SHOTS), values.get(LearnerSettings.MIN_SHOTS),
                        values.get(EvaluatorSettings.MIN_IMAGES_PER_CLASS), values.get(EvaluatorSettings.MAX_IMAGES_PER_CLASS), maxImages),
                seed);
    }

    /** Says what will be played and how long it may take. */
    private DemoPace announce(DemoPlan plan, SettingsValues values, ClipModel clip) {
        plan.notes().forEach(out()::println);
        out().println(plan.description());
        long heldOut = plan.images().filter(image -> image.split() == Split.HELD_OUT).count();
        if (heldOut < values.get(EvaluatorSettings.MIN_IMAGES)) {
            out().printf("The gate gives no verdict on fewer than %d held-out images of trained classes, and these are %d; "
                    + "add images, or lower evaluator.min-images%n", values.get(EvaluatorSettings.MIN_IMAGES), heldOut);
        }
        out().flush();
        DemoPace pace = DemoPace.measure(clip, plan);
        out().println(pace.description(plan.images().count()));
        return pace;
    }

    private int run(DemoPlan plan, ClipModel clip, Function<Map<String, String>, SettingsValues> settings, DemoProfile demo,
            Map<String, String> subject) throws Exception {
        SettingsValues values = settings.apply(Map.of());
        KafkaClients clients = CommonOptions.clients(values);
        TopicNames topics = CommonOptions.topics(values);
        TopicsCommand.provision(values, true);
        PrintWriter out = out();
        try (ServiceHost host = new ServiceHost(values)) {
            DeviceMeters.register(host.registry(), clip.device());
            DemoServices services = DemoServices.start(settings, clients, topics, clip, host);
            String address = "http://%s:%d".formatted(values.get(HttpSettings.HOST), host.port());
            out.printf(
                    "Kafka at %s, metrics at %s/metrics, health at %s/health/ready, classifier at %s/v1/classify, ingest at %s/v1/labels%n",
                    clients.bootstrapServers(), address, address, services.classifierAddress(), services.ingestAddress());
            out.printf("Watch it at %s%s%n", services.consoleAddress(), demo.fragment(values));
            out.flush();
            boolean complete = play(plan, host, values, subject);
            if (keepRunning) {
                CompletableFuture<Void> end = ServiceProcess.end(host, values.get(HttpSettings.SHUTDOWN_TIMEOUT));
                out.println("Still running; stop it with Ctrl-C.");
                out.flush();
                end.get();
            }
            return complete ? 0 : 1;
        }
    }

    private static Map<String, String> joined(Map<String, String> options, Map<String, String> more) {
        Map<String, String> joined = new HashMap<>(options);
        joined.putAll(more);
        return joined;
    }

    private boolean play(DemoPlan plan, ServiceHost host, SettingsValues values, Map<String, String> subject) throws Exception {
        KafkaClients clients = CommonOptions.clients(values);
        TopicNames topics = CommonOptions.topics(values);
        try (TopicWatch watch = new TopicWatch(clients, topics);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            DemoSummary result = new DemoStream(plan, host, watch, producer, topics, values.get(KafkaSettings.MAX_IMAGE_BYTES), out())
                    .play(seed);
            result.print(out(), subject);
            SummaryOption.write(summary, result.json(subject));
            return result.isComplete();
        }
    }
}
