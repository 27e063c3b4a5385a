package dev.promptgate.benchmarks.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.benchmarks.measure.BareEncoder;
import dev.promptgate.benchmarks.measure.ClassifyLoad.Answer;
import dev.promptgate.benchmarks.measure.ClassifyLoad;
import dev.promptgate.benchmarks.measure.RolloutsUnderLoad;
import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.benchmarks.model.Shapes;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.classifier.ClassifierSettings;
import dev.promptgate.cli.Promptgate;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.SummaryFile;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.load.service.ServiceRun;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code promptgate bench classify}. */
@Command(name = "classify", mixinStandardHelpOptions = true, description = "A classifier in a process of its own under load over HTTP: its throughput at saturation against the bare image encoder, and its latency at half of that.", footer = {
        "", "Examples:", "  promptgate bench classify --rollouts --summary classify.json",
        "  promptgate bench classify --shape model --images 2000 --set classifier.batch-size=32",
        "  promptgate bench classify --shape model --url http://127.0.0.1:8080", "",
        "It starts an embedded broker, writes signed rollouts to it, and starts the classifier beside itself; --url takes one that runs."
                + " With the bundled small model an image is encoded about as fast as it is decoded and sent, and all of that needs the same processors: the ratio says little there."})
public final class BenchClassifyCommand implements Callable<Integer> {
    private static final int CLASSES = 20;
    private static final String HEAP = "-Xmx1g";

    @Mixin
    private CommonOptions common;

    @Mixin
    private ModelOptions model;

    @Option(names = "--shape", defaultValue = "vit-b-16", description = "random weights of a shape (" + Shapes.NAMES
            + "), or 'model' for the one that --model names; default ${DEFAULT-VALUE}")
    private String shape;

    @Option(names = "--images", defaultValue = "96", description = "timed images at saturation; default ${DEFAULT-VALUE}")
    private int images;

    @Option(names = "--seconds", defaultValue = "30", description = "of the load at half of that, and of the load with rollouts; default ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--batch-size", defaultValue = "4", description = "of classifier and bare encoder (classifier.batch-size); default ${DEFAULT-VALUE}")
    private int batchSize;

    @Option(names = "--rollouts", description = "then a rollout every second, at half load: no request may fail, and every answer must name a version that was live when it was given")
    private boolean rollouts;

    @Option(names = "--url", paramLabel = "URL", description = "a classifier that runs already, with this model; its batch size must be --batch-size")
    private URI url;

    @Option(names = "--summary", paramLabel = "FILE", description = "writes the figures as JSON")
    private Path summary;

    @Spec
    private CommandSpec spec;

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
        return url == null ? withOwnClassifier() : withRunningOne();
    }

    private Integer withRunningOne() throws Exception {
        SettingsValues values = common.resolve(Map.of(), settings(model.settings()));
        try (ClipModel clip = load(values); ClassifyLoad load = load(url, values)) {
            return report(measure(clip, load, values));
        }
    }

    private Integer withOwnClassifier() throws Exception {
        Path directory = Files.createTempDirectory("promptgate-bench");
        SigningKeys keys = SigningKeys.generate(directory, "rollouts");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Map<String, String> options = settings(model.settings());
            options.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
            options.put(TrustSettings.ROLLOUT_PUBLIC_KEYS.key(), keys.publicKey().toString());
            SettingsValues values = common.resolve(Map.of(KafkaSettings.PARTITIONS.key(), "1"), options);
            TopicsCommand.provision(values, true);
            try (ClipModel clip = load(values);
                    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(CommonOptions.clients(values).producer()))) {
                List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(CLASSES).toList();
                RolloutsUnderLoad writer = new RolloutsUnderLoad(producer, CommonOptions.topics(values).promptRollouts(),
                        new PromptSettings(values).name(),
                        PromptSigner.load(keys.privateKey()), clip, new PromptSettings(values).contextInit(), classes);
                writer.rollOut();
                int port = freePort();
                try (ServiceRun child = ServiceRun.start(command(), shape.equals("model") ? "classifier" : ClassifierUnderTest.NAME,
                        arguments(options, values, port), Map.of(), directory);
                        ClassifyLoad load = load(URI.create("http://127.0.0.1:" + port), values)) {
                    child.awaitStart();
                    Map<String, Object> figures = measure(clip, load, values);
                    if (rollouts) {
                        figures.put("under_rollouts", underRollouts(load, writer, (double) figures.get("half_load_per_second")));
                    }
                    child.check();
                    return report(figures);
                }
            }
        }
    }

    private Map<String, String> settings(Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.put(ClassifierSettings.BATCH_SIZE.key(), Integer.toString(batchSize));
        return options;
    }

    private ClipModel load(SettingsValues values) {
        return shape.equals("model") ? ModelOptions.load(values) : RandomModel.load(shape, values);
    }

    private ClassifyLoad load(URI base, SettingsValues values) {
        List<byte[]> files = SampleStream.entries().stream().limit(images).map(SampleStream::bytes).toList();
        return new ClassifyLoad(base, new ApiSettings(values).token().orElse(""), files,
                Math.min(4 * batchSize, new ClassifierSettings(values).maxRequests()));
    }

    /** The promptgate command as this process runs it. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP,
                "-Dai.djl.offline=true", "-Djava.awt.headless=true", "-cp",
                System.getProperty("java.class.path"), Promptgate.class.getName()));
        if (!shape.equals("model")) {
            command.add("bench");
        }
        return command;
    }

    private List<String> arguments(Map<String, String> options, SettingsValues values, int port) {
        List<String> arguments = new ArrayList<>(List.of("--http-port", "0", "--port", Integer.toString(port)));
        if (!shape.equals("model")) {
            arguments.addAll(List.of("--shape", shape));
        }
        options.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of("--set",
                ClassifierSettings.BATCH_DELAY.key() + "=" + new ClassifierSettings(values).batchDelay().toMillis() + "ms"));
        return arguments;
    }

    private Map<String, Object> measure(ClipModel clip, ClassifyLoad load, SettingsValues values) throws Exception {
        JsonNode prompt = load.prompt();
        for (int i = 0; prompt == null && i < 600; i++) {
            Thread.sleep(100);
            prompt = load.prompt();
        }
        if (prompt == null || !prompt.path("model").asText().equals(clip.fingerprint())) {
            throw new IllegalArgumentException(
                    "The classifier is not ready, or has another model than this benchmark; give both the same --model or --shape [theirs: %s, ours: %s]"
                            .formatted(prompt == null ? "not ready" : prompt.path("model").asText(), clip.fingerprint()));
        }
        BareEncoder bare = new BareEncoder(clip, batchSize);
        List<float[]> pixels = bare.preprocess(SampleStream.entries().stream().limit(images).map(SampleStream::bytes).toList());
        bare.imagesPerSecond(pixels.subList(0, Math.min(images, 2 * batchSize)));
        load.saturate(Math.min(images, 8 * batchSize)); // warms up
        double before = bare.imagesPerSecond(pixels);
        List<Answer> saturated = load.saturate(images);
        double after = bare.imagesPerSecond(pixels);
        double encoder = (before + after) / 2; // the machine's speed drifts: bare on both sides
        double throughput = perSecond(saturated);
        List<Answer> half = load.steady(throughput / 2, seconds);
        double budget = new ClassifierSettings(values).batchDelay().toMillis() + 2000.0 * batchSize / encoder + bare.decodeMillis();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("shape", shape.equals("model") ? clip.fingerprint() : shape);
        figures.put("batch_size", batchSize);
        figures.put("images", images);
        figures.put("bare_images_per_second", encoder);
        figures.put("classifier_images_per_second", throughput);
        figures.put("ratio", throughput / encoder);
        figures.put("decode_ms", bare.decodeMillis());
        figures.put("half_load_per_second", throughput / 2);
        figures.put("half_load_p50_ms", percentile(half, 0.50));
        figures.put("half_load_p99_ms", percentile(half, 0.99));
        figures.put("delay_budget_ms", budget);
        figures.put("within_budget", percentile(half, 0.99) <= budget);
        figures.put("failed", failures(saturated) + failures(half));
        return figures;
    }

    private Map<String, Object> underRollouts(ClassifyLoad load, RolloutsUnderLoad writer, double rate) throws Exception {
        CompletableFuture<List<Answer>> answers = CompletableFuture.supplyAsync(() -> {
            try {
                return load.steady(rate, seconds);
            } catch (InterruptedException e) {
                throw new IllegalStateException("The load was interrupted", e);
            }
        });
        writer.everySecond(seconds);
        List<Answer> all = answers.get();
        Map<String, Object> figures = writer.verdict(all);
        figures.put("p99_ms", percentile(all, 0.99));
        return figures;
    }

    private Integer report(Map<String, Object> figures) throws IOException {
        figures.forEach((name, value) -> spec.commandLine().getOut().printf("%-30s %s%n", name, value));
        spec.commandLine().getOut().flush();
        SummaryFile.write(summary, figures);
        boolean clean = figures.get("failed").equals(0L);
        if (figures.get("under_rollouts") instanceof Map<?, ?> swaps) {
            clean &= swaps.get("failed").equals(0) && swaps.get("not_live_yet").equals(0L) && swaps.get("not_live_any_more").equals(0L);
        }
        if (!clean) {
            spec.commandLine().getErr()
                    .println("promptgate: requests failed or named a prompt that was not live; the figures above say how many");
        }
        return clean ? 0 : 1;
    }

    private static long failures(List<Answer> answers) {
        return answers.stream().filter(answer -> !answer.failure().isEmpty()).count();
    }

    private static double perSecond(List<Answer> answers) {
        long begin = answers.stream().mapToLong(Answer::sentNanos).min().orElseThrow();
        long end = answers.stream().mapToLong(Answer::endNanos).max().orElseThrow();
        return (answers.size() - failures(answers)) / ((end - begin) / 1e9);
    }

    private static double percentile(List<Answer> answers, double part) {
        double[] millis = answers.stream().mapToDouble(answer -> (answer.endNanos() - answer.dueNanos()) / 1e6).sorted().toArray();
        return millis[(int) Math.ceil(part * millis.length) - 1];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
