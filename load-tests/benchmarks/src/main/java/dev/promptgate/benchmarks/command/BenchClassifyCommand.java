package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.measure.ClassifyBenchmark;
import dev.promptgate.benchmarks.measure.ClassifyLoad;
import dev.promptgate.benchmarks.measure.RolloutsUnderLoad;
import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.classifier.ClassifierVerticle;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.ServiceCommands;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.load.service.StartedService;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench classify}. */
@Command(name = "classify", mixinStandardHelpOptions = true, description = "A classifier in a process of its own under load over HTTP: its "
        + "throughput at saturation against the bare image encoder, and its latency at half of that.", footer = {
                "", "Examples:", "  promptgate bench classify --rollouts --summary classify.json",
                "  promptgate bench classify --shape model --images 2000 --set classifier.batch-size=32",
                "  promptgate bench classify --shape model --url http://127.0.0.1:8080", "",
                "It starts an embedded broker, writes signed rollouts to it, and starts the classifier beside itself; --url takes one that "
                        + "runs. With the bundled small model an image is encoded about as fast as it is decoded and sent, and all of that "
                        + "needs the same processors: the ratio says little there."})
public final class BenchClassifyCommand extends PromptgateCommand {
    /** The classifier as {@code promptgate classifier} runs it, with a model of random weights: what {@code bench classify} starts. */
    @Command(name = ClassifierUnderTest.NAME, hidden = true, mixinStandardHelpOptions = true, description = "The classifier with random "
            + "weights, for 'bench classify'.")
    public static final class ClassifierUnderTest extends ServiceCommands.Service {
        static final String NAME = "classifier-under-test";

        @Option(names = "--shape", required = true)
        private String shape;

        @Option(names = "--port", required = true)
        private int port;

        ClassifierUnderTest() {
            super(ClassifierVerticle::new);
        }

        @Override
        protected ClipModel load(SettingsValues values) {
            return RandomModel.load(shape, values);
        }

        @Override
        protected Map<String, String> more() {
            return Map.of(ClassifierSettings.PORT.key(), Integer.toString(port));
        }
    }

    private static final int CLASSES = 20;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ShapeOption shape;

    @Option(names = "--images", defaultValue = "96", description = "timed images at saturation; default ${DEFAULT-VALUE}")
    private int images;

    @Option(names = "--seconds", defaultValue = "30", description = "of the load at half of that, and of the load with rollouts; "
            + "default ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--batch-size", defaultValue = "4", description = "of classifier and bare encoder (classifier.batch-size); "
            + "default ${DEFAULT-VALUE}")
    private int batchSize;

    @Option(names = "--rollouts", description = "then a rollout every second, at half load: no request may fail, and every answer "
            + "must name a version that was live when it was given")
    private boolean rollouts;

    @Option(names = "--url", paramLabel = "URL", description = "a classifier that runs already, with this model; its batch size must be "
            + "--batch-size")
    private URI url;

    @Mixin
    private SummaryOption summary;

    @Override
    public Integer call() throws Exception {
        if (url != null && rollouts) {
            throw new IllegalArgumentException(
                    "--rollouts needs a classifier that the benchmark starts itself, with a broker to write to; leave --url out");
        }
        if (images < 1 || batchSize < 1 || seconds < 1) {
            throw new IllegalArgumentException("--images, --batch-size and --seconds must be at least 1");
        }
        LogLevel.warningsUnlessChosen();
        Map<String, String> options = new HashMap<>(model.settings());
        options.put(ClassifierSettings.BATCH_SIZE.key(), Integer.toString(batchSize));
        Map<String, Object> figures = url == null ? ofOwnClassifier(options) : ofRunningOne(options);
        summary.report(figures, 30);
        boolean clean = figures.get("failed").equals(0L);
        if (figures.get("under_rollouts") instanceof Map<?, ?> swaps) {
            clean &= Stream.of("failed", "not_live_yet", "not_live_any_more").allMatch(name -> ((Number) swaps.get(name)).longValue() == 0);
        }
        if (!clean) {
            err().println("promptgate: requests failed or named a prompt that was not live; the figures above say how many");
        }
        return clean ? 0 : 1;
    }

    private Map<String, Object> ofRunningOne(Map<String, String> options) throws Exception {
        SettingsValues values = common.resolve(Map.of(), options);
        try (ClipModel clip = shape.load(values); ClassifyLoad load = load(url, values)) {
            return benchmark(clip, load, values).measure(shape.isRandom() ? shape.name() : clip.fingerprint());
        }
    }

    private Map<String, Object> ofOwnClassifier(Map<String, String> options) throws Exception {
        Path directory = Files.createTempDirectory("promptgate-bench");
        SigningKeys keys = SigningKeys.generate(directory, "rollouts");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            options.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
            options.put(TrustSettings.ROLLOUT_PUBLIC_KEYS.key(), keys.publicKey().toString());
            SettingsValues values = common.resolve(Map.of(KafkaSettings.PARTITIONS.key(), "1"), options);
            TopicsCommand.provision(values, true);
            try (ClipModel clip = shape.load(values);
                    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(CommonOptions.clients(values).producer()))) {
                List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(CLASSES).toList();
                RolloutsUnderLoad writer = new RolloutsUnderLoad(producer, CommonOptions.topics(values).promptRollouts(),
                        PromptSigner.load(keys.privateKey()), clip, values, classes);
                writer.rollOut();
                int port = EmbeddedKafka.freePort();
                try (StartedService child = start(options, values, port, directory);
                        ClassifyLoad load = load(URI.create("http://127.0.0.1:" + port), values)) {
                    child.awaitStart();
                    ClassifyBenchmark benchmark = benchmark(clip, load, values);
                    Map<String, Object> figures = benchmark.measure(shape.isRandom() ? shape.name() : clip.fingerprint());
                    if (rollouts) {
                        figures.put("under_rollouts", benchmark.underRollouts(writer, (double) figures.get("half_load_per_second")));
                    }
                    child.check();
                    return figures;
                }
            }
        }
    }

    private ClassifyLoad load(URI base, SettingsValues values) {
        return new ClassifyLoad(base, new ApiSettings(values).token().orElse(""), SampleStream.files(images),
                Math.min(4 * batchSize, values.get(ClassifierSettings.MAX_REQUESTS)));
    }

    private ClassifyBenchmark benchmark(ClipModel clip, ClassifyLoad load, SettingsValues values) {
        return new ClassifyBenchmark(clip, load, images, batchSize, seconds, values.get(ClassifierSettings.BATCH_DELAY));
    }

    private StartedService start(Map<String, String> options, SettingsValues values, int port, Path directory) throws IOException {
        List<String> command = new ArrayList<>(StartedService.promptgate("1g"));
        List<String> arguments = new ArrayList<>(List.of("--http-port", "0", "--port", Integer.toString(port)));
        if (shape.isRandom()) {
            command.add("bench");
            arguments.addAll(List.of("--shape", shape.name()));
        }
        options.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of("--set",
                ClassifierSettings.BATCH_DELAY.key() + "=" + values.get(ClassifierSettings.BATCH_DELAY).toMillis() + "ms"));
        return StartedService.start(command, shape.isRandom() ? ClassifierUnderTest.NAME : "classifier", arguments, Map.of(), directory);
    }
}
