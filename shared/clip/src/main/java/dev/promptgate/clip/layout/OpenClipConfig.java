package dev.promptgate.clip.layout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * open_clip's {@code open_clip_config.json}, with the defaults of its {@code CLIPVisionCfg} and {@code CLIPTextCfg}. What its other keys
 * ask for is another architecture, and refused by the key.
 */
final class OpenClipConfig {
    private static final JsonNode MODEL = ConfigNode.json("""
            {"multimodal_cfg": null, "audio_cfg": null, "genlip_cfg": null, "genlap_cfg": null, "init_logit_bias": null}""");
    private static final JsonNode VISION = ConfigNode.json("""
            {"timm_model_name": null, "attentional_pool": false, "ls_init_value": null, "no_ln_pre": false, "pos_embed_type": "learnable",
            "final_ln_after_pool": false, "pool_type": "tok", "output_tokens": false}""");
    private static final JsonNode TEXT = ConfigNode.json("""
            {"hf_model_name": null, "text_arch": "clip", "hf_tokenizer_name": null, "tokenizer_type": "", "tokenizer_mode": null,
            "tokenizer_kwargs": null, "variable_text": false, "ls_init_value": null, "embed_cls": false, "no_causal_mask": false,
            "final_ln_after_pool": false, "pool_type": "argmax", "proj_type": "linear", "proj_bias": false, "output_tokens": false}""");
    private static final JsonNode BLOCK = ConfigNode.json("""
            {"block_type": null, "qk_norm": false, "scaled_cosine_attn": false, "scale_heads": false, "scale_attn_inner": false,
            "scale_attn": false, "scale_fc": false}""");
    // Keys that are read below, and those that matter in training or only beside a key that is refused.
    private static final String MODEL_KEYS = "embed_dim|quick_gelu|vision_cfg|text_cfg|custom_text|init_logit_scale|nonscalar_logit_scale"
            + "|cast_dtype|output_dict";
    private static final String VISION_KEYS = "layers|width|head_width|mlp_ratio|patch_size|image_size|act_kwargs|norm_kwargs"
            + "|patch_dropout|image_seq_len|(attn_pooler|timm)_.*";
    private static final String TEXT_KEYS = "context_length|vocab_size|width|heads|layers|mlp_ratio|act_kwargs|norm_kwargs"
            + "|(pad|bos|eos)_id|(hf|tiktoken|rope)_.*|attention_mode|pos_embed|mlp_type|norm_(type|eps|placement)|attn_gated|pre_norm"
            + "|zero_init_residual|reg_tokens|value_residual|(attention|mlp|gate)_bias";
    private static final Map<String, Activation> APPROXIMATIONS = Map.of("none", Activation.GELU, "tanh", Activation.TANH_GELU);

    private OpenClipConfig() {}

    /** @throws dev.promptgate.clip.failure.ModelException if the file cannot be read or describes no CLIP ViT */
    static ClipConfig read(Path file) {
        ConfigNode root = ConfigNode.read(file);
        ConfigNode model = root.has("model_cfg") ? root.object("model_cfg") : root;
        model.only(MODEL);
        model.know(MODEL_KEYS, MODEL);
        for (String key : List.of("embed_dim", "vision_cfg", "text_cfg")) {
            if (!model.has(key)) {
                throw model.wrong(key, "there; is this a CLIP model of open_clip?");
            }
        }
        boolean quickGelu = model.flag("quick_gelu");
        return new ClipConfig(text(model.object("text_cfg"), quickGelu), vision(model.object("vision_cfg"), quickGelu),
                model.size("embed_dim", 0));
    }

    private static TextShape text(ConfigNode text, boolean quickGelu) {
        text.only(TEXT);
        text.know(TEXT_KEYS, TEXT, BLOCK);
        int vocabulary = text.whole("vocab_size", 49408, 2, ConfigNode.MOST);
        int width = text.size("width", 512);
        return new TextShape(tower(text, width, text.size("heads", 8), quickGelu), vocabulary, text.size("context_length", 77),
                vocabulary - 2, vocabulary - 1);
    }

    private static VisionShape vision(ConfigNode vision, boolean quickGelu) {
        if (vision.node().path("layers").isArray()) {
            throw vision.wrong("layers", "one number: this is a ResNet, which is not supported");
        }
        vision.only(VISION);
        vision.know(VISION_KEYS, VISION, BLOCK);
        int width = vision.size("width", 768);
        return new VisionShape(tower(vision, width, width / vision.size("head_width", 64), quickGelu), vision.side("image_size", 224),
                vision.side("patch_size", 16));
    }

    private static TowerShape tower(ConfigNode tower, int width, int heads, boolean quickGelu) {
        tower.only(BLOCK);
        ConfigNode act = tower.object("act_kwargs");
        act.know(quickGelu ? "" : "approximate");
        ConfigNode norm = tower.object("norm_kwargs");
        norm.know("eps");
        Activation activation = quickGelu ? Activation.QUICK_GELU : act.word("approximate", "none", APPROXIMATIONS);
        return new TowerShape(width, (int) Math.min(ConfigNode.MOST, width * tower.positive("mlp_ratio", 4, 64)),
                tower.whole("layers", 12, 1, ConfigNode.MOST_LAYERS),
                heads, activation, (float) norm.positive("eps", 1e-5, 1));
    }
}
