package dev.promptgate.benchmarks.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
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
import dev.promptgate.clip.weights.WeightSource;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/** Models of a known shape and random weights: the time of a matrix product does not depend on what is in it. */
public final class RandomModel {
    /** Random weights of any shape, scaled so that activations stay of order one: the same seed gives the same. */
    record RandomWeights(long seed) implements WeightSource {
        @Override
        public NDArray tensor(NDManager manager, String name, Shape shape) {
            SplittableRandom random = new SplittableRandom(seed ^ name.hashCode());
            int size = Math.toIntExact(shape.size());
            FloatBuffer values = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
            boolean norm = name.contains("norm") || name.contains("layrnorm");
            double scale = shape.dimension() < 2 ? 0.02 : 1 / Math.sqrt(shape.get(1));
            for (int i = 0; i < size; i++) {
                // Sum of uniforms: close enough to a normal variate, and fast for 150 M weights.
                double noise = (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2;
                values.put(i, (float) (noise * scale) + (norm && name.endsWith("weight") ? 1 : 0));
            }
            if (name.equals("logit_scale")) {
                values.put(0, (float) Math.log(100));
            }
            try (NDArray borrowed = manager.create(values, shape)) {
                return borrowed.duplicate();
            }
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    public static final String SHAPES = "vit-b-16 | vit-b-32 | vit-l-14 | vit-l-14-336 | mini";
    private static final long SEED = 1;

    private RandomModel() {}

    public static ClipModel of(String shape, ComputeOptions options) {
        return model(named(shape), options, ImagePreprocessor.WHOLE, Optional.empty());
    }

    /**
     * One that can read class names: the shape's towers over the bundled vocabulary. The same shape gives the same model, and so the same
     * fingerprint, in every process.
     */
    public static ClipModel load(String shape, SettingsValues values) {
        ClipConfig config = named(shape);
        TextShape bundled = named("mini").text();
        TextShape text = new TextShape(config.text().tower(), bundled.vocabulary(), bundled.maxTokens(), bundled.bosId(), bundled.eosId());
        Path bundledFiles = BundledModel.extractTo(ModelSettings.cacheDirectory(values).resolve("bundled-mini-clip"));
        return model(new ClipConfig(text, config.vision(), config.featureDim()), ModelOptions.compute(values),
                values.get(ImageSettings.JPEG_REDUCING_GAP), ClipTokenizer.find(bundledFiles));
    }

    private static ClipModel model(ClipConfig config, ComputeOptions options, double jpegReducingGap, Optional<ClipTokenizer> tokenizer) {
        ImagePreprocessor preprocessor = ImagePreprocessor.clip(config.vision().imageSize()).withJpegReducingGap(jpegReducingGap);
        return new ClipModel(config, new RandomWeights(SEED), options, preprocessor, tokenizer);
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
