package dev.promptgate.benchmarks.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.benchmarks.labels.Detection;
import dev.promptgate.benchmarks.labels.SuspectsBenchmark;
import dev.promptgate.benchmarks.labels.SuspectsReport;
import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.experiments.features.FeatureEncoder;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench suspects}. */
@Command(name = "suspects", mixinStandardHelpOptions = true, description = "How many planted label errors 'promptgate suspects' finds in "
        + "the bundled sample stream, by the hand-written prompt and by one that was trained on them. "
        + "Writes report.json and report.md.", footer = {
                "", "Examples:", "  promptgate bench suspects --output bench-suspects",
                "  promptgate bench suspects --seeds 1 --rates 0.1 --set prompt.context-init='a badge with a'"})
public final class BenchSuspectsCommand extends PromptgateCommand implements Computation {
    @Mixin
    private ModelOptions model;

    @Option(names = "--rates", split = ",", defaultValue = "0.05,0.2", description = "shares of wrong labels; default ${DEFAULT-VALUE}")
    private List<Double> rates;

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "of errors and batches; default ${DEFAULT-VALUE}")
    private List<Long> seeds;

    @Option(names = "--epochs", defaultValue = "10", description = "of training, batches of 128; default ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "bench-suspects", description = "where the report goes; default "
            + "${DEFAULT-VALUE}")
    private Path output;

    @Override
    public Integer call() throws Exception {
        if (rates.stream().anyMatch(rate -> !(rate > 0 && rate < 1))) {
            throw new IllegalArgumentException("--rates must lie between 0 and 1 [rates: " + rates + "]");
        }
        TrainingSettings schedule = TrainingSettings.of(epochs, 128);
        SettingsValues values = common.resolve(Map.of(), model.settings());
        List<Detection> detections = new ArrayList<>();
        try (ClipModel clip = ModelOptions.load(values)) {
            FeatureSet data = FeatureEncoder.encode(ImageSet.sample(), clip, ModelSettings.cacheDirectory(values).resolve("features"), 0,
                    (done, total, encoded) -> {}).features();
            SuspectsBenchmark benchmark = new SuspectsBenchmark(clip, data, values.get(PromptSettings.CONTEXT_INIT), schedule);
            for (double rate : rates) {
                for (long seed : seeds) {
                    detections.addAll(benchmark.run(rate, seed));
                    out().printf("planted %s, seed %d%n", rate, seed);
                    out().flush();
                }
            }
        }
        SuspectsReport report = new SuspectsReport("promptgate " + String.join(" ", spec.commandLine().getParseResult().originalArgs()),
                detections);
        Files.createDirectories(output);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(output.resolve("report.json").toFile(), report);
        Files.writeString(output.resolve("report.md"), report.markdown());
        out().println(output.resolve("report.md"));
        return 0;
    }
}
