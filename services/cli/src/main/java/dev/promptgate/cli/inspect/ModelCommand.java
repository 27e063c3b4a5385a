package dev.promptgate.cli.inspect;

import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.hub.ModelFiles;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "model", mixinStandardHelpOptions = true, description = "Loads a CLIP, prints what was found, checks that its parts agree, "
        + "encodes an image and a prompt, and times them and a step of learning on this machine.", footer = {
                "", "Examples:", "  promptgate model", "  promptgate model openai/clip-vit-base-patch32 --summary model.json",
                "  promptgate model ViT-B/16 --classes 397", "  promptgate model ./my-clip/model.safetensors"})
public final class ModelCommand extends PromptgateCommand implements Computation {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "as --model")
    private String name;

    @Mixin
    private ModelOptions model;

    @Option(names = "--classes", defaultValue = "100", description = "classes of the step that is timed; default ${DEFAULT-VALUE}")
    private int classes;

    @Mixin
    private SummaryOption summary;

    @Override
    public Integer call() throws Exception {
        if (classes < 2) {
            throw new IllegalArgumentException("--classes must be at least 2");
        }
        Map<String, String> options = new HashMap<>(model.settings());
        Optional.ofNullable(name).ifPresent(given -> options.put(ModelSettings.LOCATION.key(), given));
        SettingsValues values = common.resolve(Map.of(), options);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("model", values.get(ModelSettings.LOCATION));
        ModelFiles files = ModelOptions.locate(values);
        figures.putAll(ModelFigures.stored(files));
        try (ClipModel clip = ModelOptions.load(files, values)) {
            figures.putAll(ModelFigures.loaded(clip));
            figures.putAll(new ModelTrial(clip).run(classes, values));
        }
        summary.report(figures, 24);
        return 0;
    }
}
