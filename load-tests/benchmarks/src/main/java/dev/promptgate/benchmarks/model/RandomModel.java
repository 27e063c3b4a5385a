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
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.tokenizer.ClipTokenizer;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.file.Path;
import java.util.Optional;

/** Models of a known shape and random weights: the time of a matrix product does not depend on what is in it. */
public final class RandomModel {
    public static final String SHAPES = "vit-b-16 | vit-b-32 | vit-l-14 | vit-l-14-336 | mini";
    private static final long SEED = 1;

    private RandomModel() {}

    public static ClipModel of(String shape, ComputeOptions options) {
        return model(named(shape), options, Optional.empty());
    }

    /**
     * One that can read class names: the shape's towers over the bundled vocabulary. The same shape gives the same model, and so the same
     * fingerprint, in every process.
     */
    public static ClipModel load(String shape, SettingsValues values) {
        ClipConfig config = named(shape);
        TextShape bundled = named("mini").text();
        TextShape text = new TextShape(config.text().tower(), bundled.vocabulary(), bundled.maxTokens(), bundled.bosId(), bundled.eosId());
        Path bundledFiles = BundledModel.extractTo(Path.of(ModelSettings.cacheDirectory(values)).resolve("bundled-mini-clip"));
        return model(new ClipConfig(text, config.vision(), config.featureDim()), ModelOptions.compute(values),
                ClipTokenizer.find(bundledFiles));
    }

    private static ClipModel model(ClipConfig config, ComputeOptions options, Optional<ClipTokenizer> tokenizer) {
        return new ClipModel(config, new RandomWeights(SEED), options, ImagePreprocessor.clip(config.vision().imageSize()), tokenizer);
    }

    private static ClipConfig named(String name) {
        TextShape clip = new TextShape(tower(512, 12), 49408, 77, 49406, 49407);
        TextShape large = new TextShape(tower(768, 12), 49408, 77, 49406, 49407);
        return switch (name) {
            case "vit-b-16" -> new ClipConfig(clip, new VisionShape(tower(768, 12), 224, 16), 512);
            case "vit-b-32" -> new ClipConfig(clip, new VisionShape(tower(768, 12), 224, 32), 512);
            case "vit-l-14" -> new ClipConfig(large, new VisionShape(tower(1024, 24), 224, 14), 768);
            case "vit-l-14-336" -> new ClipConfig(large, new VisionShape(tower(1024, 24), 336, 14), 768);
            case "mini" -> new ClipConfig(new TextShape(tower(128, 4), 4096, 77, 4094, 4095), new VisionShape(tower(192, 6), 48, 12), 128);
            default -> throw new IllegalArgumentException("Unknown shape; use " + SHAPES + " [shape: " + name + "]");
        };
    }

    /** As in OpenAI's models: a head is 64 wide, the feed-forward layer four times as wide as the tower. */
    private static TowerShape tower(int width, int layers) {
        return new TowerShape(width, 4 * width, layers, width / 64, Activation.QUICK_GELU, 1e-5f);
    }
}
