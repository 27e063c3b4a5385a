package dev.promptgate.benchmarks.model;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Models of a known shape and random weights: the time of a matrix product does not depend on what is in it. */
public final class RandomModel {
    public static final String SHAPES = "vit-b-16 | vit-b-32 | mini";
    private static final long SEED = 1;

    private RandomModel() {}

    public static ClipModel of(String shape, ComputeOptions options) {
        return new ClipModel(named(shape), new RandomWeights(SEED), options, null);
    }

    /**
     * One that can read class names: the shape's towers over the bundled vocabulary. The same shape gives the same model, and so the same
     * fingerprint, in every process.
     */
    public static ClipModel load(String shape, SettingsValues values) {
        ClipConfig config = named(shape);
        TextShape bundled = named("mini").text();
        TextShape text = new TextShape(config.text().tower(), bundled.vocabulary(), bundled.maxTokens(), bundled.bosId(), bundled.eosId());
        return new ClipModel(new ClipConfig(text, config.vision(), config.featureDim()), new RandomWeights(SEED),
                ModelOptions.compute(values),
                tokenizer(Path.of(ModelSettings.cacheDirectory(values))));
    }

    private static Path tokenizer(Path cache) {
        String name = "tokenizer.json";
        try {
            Path directory = Files.createDirectories(cache.resolve("bench-tokenizer"));
            return Files.copy(BundledModel.extractTo(cache.resolve("bundled-mini-clip")).resolve(name), directory.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING).getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The tokenizer cannot be unpacked; make room there, or name another model.cache-directory [directory: " + cache + "]",
                    e);
        }
    }

    private static ClipConfig named(String name) {
        ClipConfig b16 = new ClipConfig(
                new TextShape(new TowerShape(512, 2048, 12, 8, Activation.QUICK_GELU, 1e-5f), 49408, 77, 49406, 49407),
                new VisionShape(new TowerShape(768, 3072, 12, 12, Activation.QUICK_GELU, 1e-5f), 224, 16), 512);
        return switch (name) {
            case "vit-b-16" -> b16;
            case "vit-b-32" -> new ClipConfig(b16.text(), new VisionShape(b16.vision().tower(), 224, 32), b16.featureDim());
            case "mini" -> new ClipConfig(
                    new TextShape(new TowerShape(128, 512, 4, 2, Activation.QUICK_GELU, 1e-5f), 4096, 77, 4094, 4095),
                    new VisionShape(new TowerShape(192, 768, 6, 3, Activation.QUICK_GELU, 1e-5f), 48, 12), 128);
            default -> throw new IllegalArgumentException("Unknown shape; use " + SHAPES + " [shape: " + name + "]");
        };
    }
}
