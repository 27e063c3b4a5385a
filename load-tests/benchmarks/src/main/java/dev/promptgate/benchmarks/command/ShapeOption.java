package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.service.settings.SettingsValues;
import picocli.CommandLine.Option;

/** The option --shape: a model of random weights, or the one of the settings. */
final class ShapeOption {
    @Option(names = "--shape", paramLabel = "<shape>", defaultValue = "vit-b-16", description = "random weights of a shape ("
            + RandomModel.SHAPES + "), or 'model' for the one that --model names; default ${DEFAULT-VALUE}")
    private String name;

    String name() {
        return name;
    }

    boolean isRandom() {
        return !name.equals("model");
    }

    /** The model; closed by the caller. */
    ClipModel load(SettingsValues values) {
        return isRandom() ? RandomModel.load(name, values) : ModelOptions.load(values);
    }
}
