package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.measure.DecodeThroughput;
import dev.promptgate.benchmarks.measure.FeatureDeviation;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImagePreprocessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench decode}. */
@Command(name = "decode", mixinStandardHelpOptions = true, description = "JPEG to pixels of a model's input, decoded whole and at reduced "
        + "size (images.jpeg-reducing-gap), in images a second on all processors.", footer = {
                "", "Examples:", "  promptgate bench decode --summary decode.json",
                "  promptgate bench decode --photographs folder --model ViT-B/16", "",
                "With --photographs: of your own files, and the cosines between features of the one and the other by the model."})
public final class BenchDecodeCommand extends PromptgateCommand {
    @Mixin
    private ModelOptions model;

    @Option(names = "--megapixels", split = ",", defaultValue = "2,6,12,24", description = "of drawn photographs; default ${DEFAULT-VALUE}")
    private List<Integer> megapixels;

    @Option(names = "--photographs", paramLabel = "DIR", description = "JPEG files to take instead")
    private Path photographs;

    @Option(names = "--reducing-gap", defaultValue = "2", description = "images.jpeg-reducing-gap; default ${DEFAULT-VALUE}")
    private double reducingGap;

    @Option(names = "--size", defaultValue = "224", description = "side of the input, pixels; with --photographs the model's; default "
            + "${DEFAULT-VALUE}")
    private int size;

    @Option(names = "--seconds", defaultValue = "2", description = "time of each timing; default ${DEFAULT-VALUE}")
    private double seconds;

    @Mixin
    private SummaryOption summary;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        if (photographs == null) {
            for (int each : megapixels) {
                report(figures, each + "_mp_", throughput(ImagePreprocessor.clip(size)).ofDrawn(each));
            }
        } else {
            List<byte[]> files = files(photographs);
            try (ClipModel clip = ModelOptions.load(common.resolve(Map.of(), model.settings()))) {
                report(figures, "", throughput(clip.preprocessor().withJpegReducingGap(ImagePreprocessor.WHOLE)).of(files));
                FeatureDeviation deviation = FeatureDeviation.of(clip, reducingGap, files);
                figures.put("mean_cosine", deviation.meanCosine());
                figures.put("least_cosine", deviation.leastCosine());
                figures.put("photographs", files.size());
            }
        }
        figures.put("reducing_gap", reducingGap);
        summary.report(figures, 36);
        return 0;
    }

    private DecodeThroughput throughput(ImagePreprocessor whole) {
        return new DecodeThroughput(whole, reducingGap, Duration.ofMillis((long) (1000 * seconds)));
    }

    private static void report(Map<String, Object> figures, String prefix, DecodeThroughput.Result result) {
        figures.put(prefix + "whole_images_per_second", result.whole());
        figures.put(prefix + "reduced_images_per_second", result.reduced());
        figures.put(prefix + "ratio", result.ratio());
    }

    private static List<byte[]> files(Path directory) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(path -> path.toString().matches("(?i).*\\.jpe?g")).sorted().toList()) {
                files.add(Files.readAllBytes(path));
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("There is no file .jpg or .jpeg in the folder [--photographs: " + directory + "]");
        }
        return files;
    }
}
