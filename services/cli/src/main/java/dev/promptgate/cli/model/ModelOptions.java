package dev.promptgate.cli.model;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.clip.hub.HubOptions;
import dev.promptgate.clip.hub.ModelFiles;
import dev.promptgate.clip.hub.ModelSource;
import dev.promptgate.service.secrets.SecretMask;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which CLIP, and where it computes. */
public final class ModelOptions {
    /** The environment variable with the hub's token: a secret. */
    public static final String HUB_TOKEN = "HF_TOKEN";

    @Option(names = "--model", paramLabel = "MODEL", description = "'bundled', a directory or a file of weights, or a name "
            + "of Hugging Face (org/name[@revision]), open_clip (ViT-B-16:laion2b_s34b_b88k) or OpenAI (ViT-B/16) (model.location)")
    private String model;

    @Option(names = "--device", paramLabel = "cpu|gpu|auto", description = "where tensors are computed (model.device)")
    private String device;

    @Option(names = "--precision", paramLabel = "float32|float16|bfloat16|auto", description = "float16 on a GPU only, "
            + "bfloat16 on a processor with units for it, auto takes it there (model.precision)")
    private String precision;

    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        Optional.ofNullable(model).ifPresent(value -> settings.put(ModelSettings.LOCATION.key(), value));
        Optional.ofNullable(device).ifPresent(value -> settings.put(ModelSettings.DEVICE.key(), value));
        Optional.ofNullable(precision).ifPresent(value -> settings.put(ModelSettings.PRECISION.key(), value));
        return settings;
    }

    /** Loads the model that the settings name; the caller closes it. */
    public static ClipModel load(SettingsValues values) {
        return load(locate(values), values);
    }

    /** The same of files that were found. */
    public static ClipModel load(ModelFiles files, SettingsValues values) {
        return ClipModel.load(files, compute(values), values.get(ImageSettings.JPEG_REDUCING_GAP));
    }

    public static ComputeOptions compute(SettingsValues values) {
        return new ComputeOptions(DeviceChoice.parse(values.get(ModelSettings.DEVICE)),
                Precision.parse(values.get(ModelSettings.PRECISION)));
    }

    /** Finds the model that the settings name, and downloads it if need be. */
    public static ModelFiles locate(SettingsValues values) {
        Path cache = ModelSettings.cacheDirectory(values);
        String location = values.get(ModelSettings.LOCATION);
        if (location.equals(ModelSettings.BUNDLED)) {
            return new ModelFiles(BundledModel.extractTo(cache.resolve("bundled-mini-clip")), Optional.empty());
        }
        HubOptions hub = HubOptions.of(System.getenv(), values.get(ModelSettings.HUB), cache);
        hub.secrets().forEach(secret -> SecretMask.ofProcess().learn(HUB_TOKEN, secret));
        return ModelSource.resolve(location, values.get(ModelSettings.TOKENIZER), hub);
    }
}
