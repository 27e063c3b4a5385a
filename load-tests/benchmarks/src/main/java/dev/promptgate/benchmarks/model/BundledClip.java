package dev.promptgate.benchmarks.model;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.engine.ComputeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The models and images that the benchmarks use. */
public final class BundledClip {
    public static final String MINI = "mini";
    /** ViT-B/16 of random weights: the time of a matrix product does not depend on what is in it. */
    public static final String VIT_B_16 = "vit-b-16";

    private BundledClip() {}

    public static ClipModel load(String name) {
        return switch (name) {
            case MINI -> bundled();
            case VIT_B_16 -> ClipModel.random(ClipConfig.vitB16(), 1, ComputeOptions.cpu());
            default -> throw new IllegalArgumentException("Unknown model; use %s or %s [model: %s]".formatted(MINI, VIT_B_16, name));
        };
    }

    private static ClipModel bundled() {
        try {
            Path directory = Files.createTempDirectory("benchmark-model");
            try {
                return ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary directory for the bundled model", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The sample stream's JPEG files, the first so many. */
    public static List<byte[]> files(int count) {
        return SampleStream.entries().stream().limit(count).map(SampleStream::bytes).toList();
    }
}
