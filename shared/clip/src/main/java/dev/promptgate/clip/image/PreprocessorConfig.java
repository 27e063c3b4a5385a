package dev.promptgate.clip.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code preprocessor_config.json}. */
public final class PreprocessorConfig {
    private static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] CLIP_STD = {0.26862954f, 0.26130258f, 0.27577711f};
    private static final int PILLOW_BICUBIC = 3;

    private PreprocessorConfig() {}

    /**
     * The preprocessing that a model directory asks for; CLIP's own where the file is absent or {@code directory} is null.
     *
     * @param imageSize the image tower's input, which the file must agree with
     * @throws ModelException if the file cannot be read, or asks for what CLIP does not do
     */
    public static ImagePreprocessor read(Path directory, int imageSize) {
        Path file = directory == null ? null : directory.resolve("preprocessor_config.json");
        if (file == null || !Files.exists(file)) {
            return new ImagePreprocessor(imageSize, CLIP_MEAN, CLIP_STD, ImageLimits.DEFAULT);
        }
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
            int size = side(root.path("crop_size"), "height", imageSize);
            if (size != imageSize || side(root.path("size"), "shortest_edge", imageSize) != imageSize) {
                throw new ModelException(
                        "preprocessor_config.json and config.json name different image sizes [preprocessor: %d, config: %d, file: %s]"
                                .formatted(size, imageSize, file));
            }
            if (root.path("resample").asInt(PILLOW_BICUBIC) != PILLOW_BICUBIC) {
                throw new ModelException(
                        "Only bicubic resampling (3) is supported [resample: %s, file: %s]".formatted(root.path("resample"), file));
            }
            return new ImagePreprocessor(size, channels(root.path("image_mean"), CLIP_MEAN), channels(root.path("image_std"), CLIP_STD),
                    ImageLimits.DEFAULT);
        } catch (IOException e) {
            throw new ModelException("preprocessor_config.json cannot be read as JSON [file: " + file + "]", e);
        }
    }

    private static int side(JsonNode node, String key, int absent) {
        return node.isInt() ? node.asInt() : node.path(key).asInt(absent);
    }

    private static float[] channels(JsonNode node, float[] absent) {
        return node.size() != 3 ? absent
                : new float[] {(float) node.get(0).asDouble(), (float) node.get(1).asDouble(), (float) node.get(2).asDouble()};
    }
}
