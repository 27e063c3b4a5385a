package dev.promptgate.clip.layout;

import dev.promptgate.clip.config.ClipConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where a file keeps the tensors that the towers ask for by Hugging Face's names.
 *
 * @param origins by the name that is asked for
 * @param stacks what the names of the layers' tensors begin with
 */
record TensorNames(Map<String, Origin> origins, List<String> stacks) {
    /** How a stored tensor becomes the one asked for: as it is, transposed, or the first, second or last third of its rows. */
    enum Part {
        WHOLE, TRANSPOSED, FIRST, SECOND, THIRD;

        static final List<Part> THIRDS = List.of(FIRST, SECOND, THIRD);
    }

    /** A tensor of the file, and what of it is meant. */
    record Origin(String name, Part part) {}

    /** A tensor that only a ViT has, in Hugging Face's names. */
    static final String HUGGING_FACE_MARK = "vision_model.embeddings.class_embedding";
    /** The same in OpenAI's names, which open_clip took over. */
    static final String OPENAI_MARK = "visual.class_embedding";
    /** What open_clip's {@code CustomTextCLIP} puts before the names of the text tower. */
    static final String CUSTOM_TEXT = "text.";

    private static final String TEXT_LAYERS = "text_model.encoder.layers.";
    private static final String VISION_LAYERS = "vision_model.encoder.layers.";
    // From Hugging Face's names to OpenAI's: of the text tower, of the others, and in a layer.
    private static final Map<String, String> TEXT = Map.of(
            "text_model.embeddings.token_embedding.weight", "token_embedding.weight",
            "text_model.embeddings.position_embedding.weight", "positional_embedding",
            "text_model.final_layer_norm.weight", "ln_final.weight",
            "text_model.final_layer_norm.bias", "ln_final.bias",
            "text_projection.weight", "text_projection");
    private static final Map<String, String> REST = Map.of(
            "vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight",
            HUGGING_FACE_MARK, OPENAI_MARK,
            "vision_model.embeddings.position_embedding.weight", "visual.positional_embedding",
            "vision_model.pre_layrnorm.weight", "visual.ln_pre.weight",
            "vision_model.pre_layrnorm.bias", "visual.ln_pre.bias",
            "vision_model.post_layernorm.weight", "visual.ln_post.weight",
            "vision_model.post_layernorm.bias", "visual.ln_post.bias",
            "visual_projection.weight", "visual.proj",
            "logit_scale", "logit_scale");
    private static final List<String> TRANSPOSED = List.of("text_projection", "visual.proj");
    private static final Map<String, String> IN_LAYER = Map.of("layer_norm1.", "ln_1.", "self_attn.out_proj.", "attn.out_proj.",
            "layer_norm2.", "ln_2.", "mlp.fc1.", "mlp.c_fc.", "mlp.fc2.", "mlp.c_proj.");
    private static final List<String> QKV = List.of("self_attn.q_proj.", "self_attn.k_proj.", "self_attn.v_proj.");

    /** Hugging Face's own names, all behind a prefix. */
    static TensorNames huggingFace(String prefix, ClipConfig config) {
        TensorNames names = new TensorNames(new HashMap<>(), List.of(prefix + TEXT_LAYERS, prefix + VISION_LAYERS));
        openAi("", false, config).origins.keySet().forEach(name -> names.origins.put(name, new Origin(prefix + name, Part.WHOLE)));
        return names;
    }

    /** OpenAI's, all behind a prefix, those of the text tower behind a second one where {@code isCustomText}. */
    static TensorNames openAi(String prefix, boolean isCustomText, ClipConfig config) {
        String text = prefix + (isCustomText ? CUSTOM_TEXT : "");
        TensorNames names = new TensorNames(new HashMap<>(),
                List.of(text + "transformer.resblocks.", prefix + "visual.transformer.resblocks."));
        names.addAll(TEXT, name -> text + name);
        names.addAll(REST, name -> prefix + name);
        names.addLayers(TEXT_LAYERS, names.stacks.get(0), config.text().tower().layers());
        names.addLayers(VISION_LAYERS, names.stacks.get(1), config.vision().tower().layers());
        return names;
    }

    private void addAll(Map<String, String> table, UnaryOperator<String> stored) {
        table.forEach((asked, name) -> origins.put(asked,
                new Origin(stored.apply(name), TRANSPOSED.contains(name) ? Part.TRANSPOSED : Part.WHOLE)));
    }

    private void addLayers(String asked, String stored, int layers) {
        for (int i = 0; i < layers; i++) {
            String from = asked + i + ".";
            String to = stored + i + ".";
            for (String kind : List.of("weight", "bias")) {
                IN_LAYER.forEach((module, name) -> origins.put(from + module + kind, new Origin(to + name + kind, Part.WHOLE)));
                for (int third = 0; third < QKV.size(); third++) {
                    origins.put(from + QKV.get(third) + kind, new Origin(to + "attn.in_proj_" + kind, Part.THIRDS.get(third)));
                }
            }
        }
    }
}
