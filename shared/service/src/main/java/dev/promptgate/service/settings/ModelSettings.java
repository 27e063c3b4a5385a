package dev.promptgate.service.settings;

import java.util.List;

/** Which CLIP, and where it computes. */
public final class ModelSettings {
    /** The setting's value that stands for the bundled model. */
    public static final String BUNDLED = "bundled";

    public static final Setting<String> LOCATION = Setting.text("model.location", BUNDLED,
            "`bundled`, a directory in Hugging Face layout, an OpenAI `.pt` archive, or a Hugging Face name (`openai/clip-vit-base-patch16`, with `@revision` if wished)");
    public static final Setting<String> DEVICE = Setting.text("model.device", "cpu", "`cpu`, `gpu` or `auto`")
            .must("be cpu, gpu or auto", device -> List.of("cpu", "gpu", "auto").contains(device));
    public static final Setting<String> PRECISION = Setting.text("model.precision", "float32", "`float32`, or `float16` on a GPU")
            .must("be float32 or float16", precision -> List.of("float32", "float16").contains(precision));
    public static final Setting<String> CACHE_DIRECTORY = Setting.text("model.cache-directory",
            "~/.cache/promptgate", "where downloaded models and the unpacked bundled one are kept");
    public static final Setting<String> HUB = Setting.text("model.hub", "https://huggingface.co",
            "where models are downloaded from by name; a token in HF_TOKEN is sent along");

    private final SettingsValues values;

    public ModelSettings(SettingsValues values) {
        this.values = values;
    }

    public static List<Setting<?>> all() {
        return List.of(LOCATION, DEVICE, PRECISION, CACHE_DIRECTORY, HUB);
    }

    /** Directory, archive, name or {@link #BUNDLED}. */
    public String location() {
        return values.get(LOCATION);
    }

    /** {@code cpu}, {@code gpu} or {@code auto}. */
    public String device() {
        return values.get(DEVICE);
    }

    /** {@code float32} or {@code float16}. */
    public String precision() {
        return values.get(PRECISION);
    }

    /** The cache, a leading {@code ~} expanded. */
    public String cacheDirectory() {
        String directory = values.get(CACHE_DIRECTORY);
        return directory.startsWith("~/") ? System.getProperty("user.home") + directory.substring(1) : directory;
    }

    public String hub() {
        return values.get(HUB);
    }
}
