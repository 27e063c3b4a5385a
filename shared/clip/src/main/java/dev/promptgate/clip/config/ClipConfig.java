package dev.promptgate.clip.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shape of a CLIP ViT, as Hugging Face's {@code config.json} gives it; {@code featureDim} is the width of the joint space. */
public record ClipConfig(TextShape text, VisionShape vision, int featureDim) {
    /** The activation of the feed-forward layers. */
    public enum Activation {
        /** x · σ(1.702 x), as OpenAI's weights were trained. */
        QUICK_GELU, GELU
    }

    /** A stack of pre-norm transformer layers; {@code width} is the hidden size, {@code mlpWidth} that of the feed-forward layer. */
    public record TowerShape(int width, int mlpWidth, int layers, int heads, Activation activation, float epsilon) {
        /** @throws ModelException if a size is not positive or the heads do not divide the width */
        public TowerShape {
            if (width < 1 || mlpWidth < 1 || layers < 1 || heads < 1 || width % heads != 0) {
                throw new ModelException("config.json describes no transformer: sizes must be positive and heads divide the width"
                        + " [width: %d, mlp: %d, layers: %d, heads: %d]".formatted(width, mlpWidth, layers, heads));
            }
        }

        public int headWidth() {
            return width / heads;
        }
    }

    /** The text tower; {@code maxTokens} is 77 in every published CLIP. */
    public record TextShape(TowerShape tower, int vocabulary, int maxTokens, int bosId, int eosId) {}

    /** The image tower; sizes in pixels. */
    public record VisionShape(TowerShape tower, int imageSize, int patchSize) {
        /** @throws ModelException if the patches do not tile the image */
        public VisionShape {
            if (imageSize < 1 || patchSize < 1 || imageSize % patchSize != 0) {
                throw new ModelException("config.json: patch_size must divide image_size [image_size: %d, patch_size: %d]"
                        .formatted(imageSize, patchSize));
            }
        }

        public int grid() {
            return imageSize / patchSize;
        }
    }

    /**
     * Reads {@code config.json}; what a key leaves out has Hugging Face's default for CLIP.
     *
     * @throws ModelException if the file cannot be read or describes no CLIP ViT
     */
    public static ClipConfig read(Path file) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ModelException("config.json cannot be read as JSON [file: %s, cause: %s]"
                    .formatted(file, FirstLine.of(e)), e);
        }
        if (!root.path("text_config").isObject() || !root.path("vision_config").isObject()) {
            throw new ModelException("config.json has no text_config and vision_config; is this a CLIP model? [file: " + file + "]");
        }
        JsonNode text = root.path("text_config");
        JsonNode vision = root.path("vision_config");
        return new ClipConfig(
                new TextShape(tower(text, 512, 2048, 8), text.path("vocab_size").asInt(49408),
                        text.path("max_position_embeddings").asInt(77),
                        specialId(text, "bos_token_id", 49406), specialId(text, "eos_token_id", 49407)),
                new VisionShape(tower(vision, 768, 3072, 12), vision.path("image_size").asInt(224), vision.path("patch_size").asInt(32)),
                root.path("projection_dim").asInt(text.path("projection_dim").asInt(512)));
    }

    private static int specialId(JsonNode text, String key, int clipDefault) {
        // The first published CLIP configs carry 0 and 2 here, which their own code never used.
        int id = text.path(key).asInt(clipDefault);
        return id <= 2 ? clipDefault : id;
    }

    private static TowerShape tower(JsonNode node, int width, int mlpWidth, int heads) {
        String name = node.path("hidden_act").asText("quick_gelu");
        Activation activation = switch (name) {
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "gelu" -> Activation.GELU;
            default -> throw new ModelException("config.json: hidden_act must be quick_gelu or gelu [hidden_act: " + name + "]");
        };
        return new TowerShape(node.path("hidden_size").asInt(width), node.path("intermediate_size").asInt(mlpWidth),
                node.path("num_hidden_layers").asInt(12), node.path("num_attention_heads").asInt(heads),
                activation, (float) node.path("layer_norm_eps").asDouble(1e-5));
    }
}
