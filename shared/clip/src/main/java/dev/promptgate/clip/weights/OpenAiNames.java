package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** From Hugging Face's tensor names to OpenAI's, with the few reshapings between them. */
final class OpenAiNames {
    private static final Map<String, String> WHOLE = Map.ofEntries(
            Map.entry("text_model.embeddings.token_embedding.weight", "token_embedding.weight"),
            Map.entry("text_model.embeddings.position_embedding.weight", "positional_embedding"),
            Map.entry("text_model.final_layer_norm.weight", "ln_final.weight"),
            Map.entry("text_model.final_layer_norm.bias", "ln_final.bias"),
            Map.entry("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
            Map.entry("vision_model.embeddings.class_embedding", "visual.class_embedding"),
            Map.entry("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
            Map.entry("vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"),
            Map.entry("vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"),
            Map.entry("vision_model.post_layernorm.weight", "visual.ln_post.weight"),
            Map.entry("vision_model.post_layernorm.bias", "visual.ln_post.bias"),
            Map.entry("logit_scale", "logit_scale"));
    private static final Map<String, String> TRANSPOSED = Map.of(
            "text_projection.weight", "text_projection", "visual_projection.weight", "visual.proj");
    private static final Map<String, String> IN_LAYER = Map.of(
            "self_attn.out_proj", "attn.out_proj", "layer_norm1", "ln_1", "layer_norm2", "ln_2", "mlp.fc1", "mlp.c_fc", "mlp.fc2",
            "mlp.c_proj");
    private static final List<String> QKV = List.of("q_proj", "k_proj", "v_proj");

    private OpenAiNames() {}

    /** The tensor with Hugging Face's name, out of {@code copy}, which gives OpenAI's tensors as float32 copies. */
    static NDArray read(String name, BiFunction<NDManager, String, NDArray> copy, NDManager manager) {
        if (WHOLE.containsKey(name)) {
            return copy.apply(manager, WHOLE.get(name));
        }
        if (TRANSPOSED.containsKey(name)) {
            return copy.apply(manager, TRANSPOSED.get(name)).transpose().duplicate();
        }
        return inLayer(name, copy, manager);
    }

    private static NDArray inLayer(String name, BiFunction<NDManager, String, NDArray> copy, NDManager manager) {
        // {text|vision}_model.encoder.layers.{i}.{module}.{weight|bias}
        String[] parts = name.split("\\.", 5);
        String block = (parts[0].startsWith("vision") ? "visual." : "") + "transformer.resblocks." + parts[3] + ".";
        String module = parts[4].substring(0, parts[4].lastIndexOf('.'));
        String kind = parts[4].substring(parts[4].lastIndexOf('.') + 1);
        int part = QKV.indexOf(module.substring(module.lastIndexOf('.') + 1));
        if (part < 0) {
            return copy.apply(manager, block + IN_LAYER.get(module) + "." + kind);
        }
        NDArray stacked = copy.apply(manager, block + "attn.in_proj_" + kind); // [3·width, ..]
        Shape s = stacked.getShape();
        long width = s.get(0) / 3;
        return stacked.get(new NDIndex("{}:{}", part * width, (part + 1) * width)).duplicate();
    }
}
