package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.measure.PipelineBenchmark;
import dev.promptgate.benchmarks.model.Shapes;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.SummaryFile;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code promptgate bench encode}. */
@Command(name = "encode", mixinStandardHelpOptions = true, description = "The same images through the bare image encoder and through Kafka, decoding, batching, encoding and the transaction, on the embedded broker.", footer = {
        "", "Examples:", "  promptgate bench encode --summary encode.json", "  promptgate bench encode --shape model --images 2000",
        "",
        "With the bundled small model an image is encoded about as fast as it is decoded, and both need the processor: the ratio says little there."})
public final class BenchEncodeCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private ModelOptions model;

    @Option(names = "--shape", defaultValue = "vit-b-16", description = "random weights of a shape (" + Shapes.NAMES
            + "), or 'model' for the one that --model names; default ${DEFAULT-VALUE}")
    private String shape;

    @Option(names = "--images", defaultValue = "96", description = "timed images; default ${DEFAULT-VALUE}")
    private int images;

    @Option(names = "--summary", paramLabel = "FILE", description = "writes the figures as JSON")
    private Path summary;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Map<String, String> options = new HashMap<>(model.settings());
            options.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
            options.put(HttpSettings.PORT.key(), "0");
            SettingsValues values = common.resolve(Map.of(KafkaSettings.PARTITIONS.key(), "1"), options);
            TopicsCommand.provision(values, true);
            List<byte[]> files = SampleStream.entries().stream().limit(images).map(SampleStream::bytes).toList();
            try (ClipModel clip = shape.equals("model") ? ModelOptions.load(values)
                    : ClipModel.random(Shapes.named(shape), 1, ModelOptions.compute(new ModelSettings(values)))) {
                PipelineBenchmark.Result result = new PipelineBenchmark(clip, values, CommonOptions.clients(values),
                        CommonOptions.topics(values))
                        .run(files, images, Math.min(images, 32));
                Map<String, Object> figures = new LinkedHashMap<>();
                figures.put("bare_images_per_second", result.bareImagesPerSecond());
                figures.put("pipeline_images_per_second", result.pipelineImagesPerSecond());
                figures.put("ratio", result.ratio());
                figures.put("shape", shape);
                figures.put("images", images);
                figures.forEach((name, value) -> spec.commandLine().getOut().printf("%-28s %s%n", name, value));
                SummaryFile.write(summary, figures);
            }
        }
        return 0;
    }
}
