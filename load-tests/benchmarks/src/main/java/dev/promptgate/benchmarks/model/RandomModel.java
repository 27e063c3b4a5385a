package dev.promptgate.benchmarks.model;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A model of a known shape and random weights that can read class names: the shape's towers over the bundled vocabulary. */
public final class RandomModel {
    private static final long SEED = 1;

    private RandomModel() {}

    /** The same shape gives the same model, and so the same fingerprint, in every process. */
    public static ClipModel load(String shape, SettingsValues values) {
        ModelSettings settings = new ModelSettings(values);
        ClipConfig config = Shapes.named(shape);
        TextShape bundled = Shapes.named("mini").text();
        TextShape text = new TextShape(config.text().tower(), bundled.vocabulary(), bundled.maxTokens(), bundled.bosId(), bundled.eosId());
        return ClipModel.random(new ClipConfig(text, config.vision(), config.featureDim()), SEED, ModelOptions.compute(settings),
                tokenizer(Path.of(settings.cacheDirectory())));
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
}
