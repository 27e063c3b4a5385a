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
import dev.promptgate.clip.weights.WeightSource;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
                ModelOptions.compute(values), tokenizer(Path.of(ModelSettings.cacheDirectory(values))));
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
            case "mini" -> new ClipConfig(new TextShape(new TowerShape(128, 512, 4, 2, Activation.QUICK_GELU, 1e-5f), 4096, 77, 4094, 4095),
                    new VisionShape(new TowerShape(192, 768, 6, 3, Activation.QUICK_GELU, 1e-5f), 48, 12), 128);
            default -> throw new IllegalArgumentException("Unknown shape; use " + SHAPES + " [shape: " + name + "]");
        };
    }
}
