package dev.promptgate.clip.layout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.failure.ModelException;
import java.nio.file.Path;
import java.util.Map;

/** Hugging Face's {@code config.json}, with the defaults of its {@code CLIPConfig}, {@code CLIPTextConfig} and {@code CLIPVisionConfig}. */
final class HuggingFaceConfig {
    private static final JsonNode CLIP = ConfigNode.json("{\"model_type\": \"clip\"}");
    private static final JsonNode COLOURS = ConfigNode.json("{\"num_channels\": 3}");
    // gelu_new and gelu_pytorch_tanh are one function, written twice.
    private static final Map<String, Activation> ACTIVATIONS = Map.of("quick_gelu", Activation.QUICK_GELU, "gelu", Activation.GELU,
            "gelu_new", Activation.TANH_GELU, "gelu_pytorch_tanh", Activation.TANH_GELU);
    private static final int BOS = 49406;
    private static final int EOS = 49407;

    private HuggingFaceConfig() {}

    /** @throws ModelException if the file cannot be read or describes no CLIP ViT */
    static ClipConfig read(Path file) {
        ConfigNode root = ConfigNode.read(file);
        root.only(CLIP);
        ConfigNode text = tower(root, "text_config");
        ConfigNode vision = tower(root, "vision_config");
        vision.only(COLOURS);
        int vocabulary = text.whole("vocab_size", EOS + 1, 2, ConfigNode.MOST);
        return new ClipConfig(
                new TextShape(shape(text, 512, 2048, 8), vocabulary, text.size("max_position_embeddings", 77),
                        id(text, "bos_token_id", Math.min(BOS, vocabulary - 2)), id(text, "eos_token_id", Math.min(EOS, vocabulary - 1))),
                new VisionShape(shape(vision, 768, 3072, 12), vision.side("image_size", 224), vision.side("patch_size", 32)),
                root.size("projection_dim", 512));
    }

    /** The first generation put what differs from the defaults into {@code …_config_dict}, which goes before {@code …_config}. */
    private static ConfigNode tower(ConfigNode root, String key) {
        if (root.has(key + "_dict")) {
            return root.object(key + "_dict");
        }
        if (!root.has(key) && !root.has("model_type")) {
            throw new ModelException("config.json has no text_config and vision_config; is this a CLIP model? [file: " + root.file() + "]");
        }
        return root.object(key);
    }

    /** The first configurations carry 0 and 2 here, which their own code never used: it took the highest id for EOS. */
    private static int id(ConfigNode text, String key, int clips) {
        int id = text.has(key) ? text.whole(key, clips, 0, Integer.MAX_VALUE) : clips;
        return id <= 2 ? clips : id;
    }

    private static TowerShape shape(ConfigNode tower, int width, int mlpWidth, int heads) {
        return new TowerShape(tower.size("hidden_size", width), tower.size("intermediate_size", mlpWidth),
                tower.whole("num_hidden_layers", 12, 1, ConfigNode.MOST_LAYERS), tower.size("num_attention_heads", heads),
                tower.word("hidden_act", "quick_gelu", ACTIVATIONS), (float) tower.positive("layer_norm_eps", 1e-5, 1));
    }
}
