package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.measure.MatrixWork;
import dev.promptgate.benchmarks.measure.PipelineBenchmark;
import dev.promptgate.benchmarks.measure.ProductRate;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench encode}. */
@Command(name = "encode", mixinStandardHelpOptions = true, description = "The same images through the bare image encoder, in "
        + "float32 and in --precision, and through Kafka, decoding, batching, encoding and the transaction, on the embedded "
        + "broker; in images a second.", footer = {
                "", "Examples:", "  promptgate bench encode --summary encode.json",
                "  promptgate bench encode --precision bfloat16",
                "  promptgate bench encode --shape model --images 2000", "",
                "With the bundled small model an image is encoded about as fast as it is decoded, and both need the processor: the "
                        + "ratio says little there."})
public final class BenchEncodeCommand extends PromptgateCommand {
    @Mixin
    private ModelOptions model;

    @Mixin
    private ShapeOption shape;

    @Option(names = "--images", defaultValue = "96", description = "timed images; default ${DEFAULT-VALUE}")
    private int images;

    @Mixin
    private SummaryOption summary;

    @Override
    public Integer call() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Map<String, String> options = new HashMap<>(model.settings());
            options.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
            options.put(HttpSettings.PORT.key(), "0");
            SettingsValues values = common.resolve(Map.of(KafkaSettings.PARTITIONS.key(), "1"), options);
            TopicsCommand.provision(values, true);
            try (ClipModel clip = shape.load(values)) {
                PipelineBenchmark.Result result = new PipelineBenchmark(clip, values).run(images, Math.min(images, 32));
                Map<String, Object> figures = new LinkedHashMap<>();
                figures.put("bare_float32", result.bareFloat32());
                figures.put("bare", result.bare());
                figures.put("pipeline", result.pipeline());
                figures.put("ratio", result.pipeline() / result.bare());
                figures.put("ratio_to_float32", result.bare() / result.bareFloat32());
                double product = ProductRate.of(clip, clip.config().vision().tower(), clip.precision() == Precision.BFLOAT16);
                figures.put("product_gflops", product / 1e9);
                figures.put("share_of_product_rate", result.bare() * MatrixWork.image(clip.config()) / product);
                figures.put("min_cosine", result.precision().leastCosine());
                figures.put("first_labels_changed", result.precision().firstLabelsChanged());
                figures.put("precision", clip.precision().word());
                figures.put("shape", shape.name());
                figures.put("images", images);
                summary.report(figures, 28);
            }
        }
        return 0;
    }
}
