package dev.promptgate.service.settings;

import dev.promptgate.clip.hub.HomeDirectory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Which CLIP, and where it computes. */
public final class ModelSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    /** The setting's value that stands for the bundled model. */
    public static final String BUNDLED = "bundled";

    public static final Setting<String> LOCATION = ALL.add(Setting.text("model.location", BUNDLED,
            "`bundled`; a directory in the layout of Hugging Face or open_clip, or a file of weights; a Hugging Face name "
                    + "(`openai/clip-vit-base-patch16`, with `@revision` if wished); open_clip's pair (`ViT-B-16:laion2b_s34b_b88k`); or "
                    + "OpenAI's name (`ViT-B/16`)"));
    public static final Setting<String> TOKENIZER = ALL.add(Setting.text("model.tokenizer", "",
            "where CLIP's vocabulary is taken from if the model's files hold none: a directory, a file, or a Hugging Face name; empty: "
                    + "`openai/clip-vit-base-patch32` for a model taken by name, none for one on this machine"));
    public static final Setting<String> DEVICE = ALL.add(Setting.text("model.device", "cpu", "`cpu`, `gpu` or `auto`")
            .must("be cpu, gpu or auto", device -> List.of("cpu", "gpu", "auto").contains(device)));
    public static final Setting<String> PRECISION = ALL.add(Setting.text("model.precision", "float32",
            "`float32`; `float16` on a GPU; `bfloat16` on a processor with units for it: images by matrix products in "
                    + "bfloat16, all else in float32, if 16 images come out alike; `auto`: `bfloat16` there, else `float32`")
            .must("be float32, float16, bfloat16 or auto",
                    precision -> List.of("float32", "float16", "bfloat16", "auto").contains(precision)));
    public static final Setting<String> CACHE_DIRECTORY = ALL.add(Setting.text("model.cache-directory",
            "~/.cache/promptgate", "where downloaded models and the unpacked bundled one are kept"));
    public static final Setting<String> HUB = ALL.add(Setting.text("model.hub", "",
            "where models are downloaded from by name; empty: HF_ENDPOINT, else `https://huggingface.co`; a token in HF_TOKEN is sent "
                    + "along"));

    private ModelSettings() {}

    /**
     * The cache, a leading {@code ~} expanded.
     *
     * @throws InvalidSettingsException if there is no home directory to put there, or it is no path
     */
    public static Path cacheDirectory(SettingsValues values) {
        String directory = values.get(CACHE_DIRECTORY);
        try {
            return HomeDirectory.expand(System.getenv(), directory).orElseThrow(() -> new InvalidSettingsException(List.of(
                    "There is no home directory; set HOME, or give model.cache-directory without ~ [model.cache-directory: %s]"
                            .formatted(directory))));
        } catch (InvalidPathException e) {
            throw new InvalidSettingsException(
                    List.of("model.cache-directory is no path [model.cache-directory: %s]".formatted(directory)));
        }
    }
}
