package dev.promptgate.clip.weights;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's TorchScript archive ({@code ViT-B-16.pt}): its parameters under Hugging Face's names. The shapes are derived from the weights as
 * OpenAI's {@code build_model} does; a head is 64 wide, the activation is QuickGELU.
 */
public final class OpenAiArchive implements WeightSource {
    // From Hugging Face's tensor names to OpenAI's.
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
    private static final int HEAD_WIDTH = 64;
    private static final float EPSILON = 1e-5f;

    private final Path file;
    private final Model model;
    private final Map<String, NDArray> parameters = new HashMap<>();

    /** @throws ModelException if the file is no archive of a CLIP ViT */
    public OpenAiArchive(Path file) {
        this.file = file;
        model = Model.newInstance("openai-clip", "PyTorch");
        try {
            String name = file.getFileName().toString();
            model.load(file.toAbsolutePath().getParent(), name.substring(0, name.length() - ".pt".length()));
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw new ModelException("Not a TorchScript archive that PyTorch can open; fetch it again [file: %s, cause: %s]"
                    .formatted(file, FirstLine.of(e)), e);
        }
        for (Pair<String, Parameter> entry : model.getBlock().getParameters()) {
            parameters.put(entry.getKey().replace('/', '.'), entry.getValue().getArray());
        }
        if (!parameters.containsKey("visual.conv1.weight") || !parameters.containsKey("token_embedding.weight")) {
            model.close();
            throw new ModelException(
                    "The archive holds no CLIP ViT (no visual.conv1.weight or token_embedding.weight) [file: " + file + "]");
        }
    }

    /** The configuration that the weights imply. */
    public ClipConfig config() {
        Shape conv = shape("visual.conv1.weight"); // [width, 3, patch, patch]
        int patch = (int) conv.get(2);
        int grid = (int) Math.round(Math.sqrt(shape("visual.positional_embedding").get(0) - 1));
        Shape tokens = shape("token_embedding.weight");
        int vocabulary = (int) tokens.get(0);
        return new ClipConfig(
                new TextShape(tower((int) tokens.get(1), "transformer"), vocabulary, (int) shape("positional_embedding").get(0),
                        vocabulary - 2, vocabulary - 1),
                new VisionShape(tower((int) conv.get(0), "visual.transformer"), grid * patch, patch),
                (int) shape("text_projection").get(1));
    }

    private TowerShape tower(int width, String prefix) {
        int layers = 0;
        while (parameters.containsKey(prefix + ".resblocks." + layers + ".ln_1.weight")) {
            layers++;
        }
        int mlp = (int) shape(prefix + ".resblocks.0.mlp.c_fc.weight").get(0);
        return new TowerShape(width, mlp, layers, width / HEAD_WIDTH, Activation.QUICK_GELU, EPSILON);
    }

    private Shape shape(String name) {
        return parameter(name).getShape();
    }

    private NDArray parameter(String name) {
        NDArray array = parameters.get(name);
        if (array == null) {
            throw new ModelException("The archive lacks a parameter of CLIP [parameter: %s, file: %s]".formatted(name, file));
        }
        return array;
    }

    @Override
    public NDArray tensor(NDManager manager, String name, Shape expected) {
        NDArray array = read(manager, name);
        if (!array.getShape().equals(expected)) {
            throw new ModelException("The archive's weights contradict each other [tensor: %s, expected: %s, found: %s, file: %s]"
                    .formatted(name, expected, array.getShape(), file));
        }
        return array;
    }

    private NDArray read(NDManager manager, String name) {
        if (WHOLE.containsKey(name)) {
            return copy(manager, WHOLE.get(name));
        }
        return TRANSPOSED.containsKey(name) ? copy(manager, TRANSPOSED.get(name)).transpose().duplicate() : inLayer(manager, name);
    }

    private NDArray inLayer(NDManager manager, String name) {
        // {text|vision}_model.encoder.layers.{i}.{module}.{weight|bias}
        String[] parts = name.split("\\.", 5);
        String block = (parts[0].startsWith("vision") ? "visual." : "") + "transformer.resblocks." + parts[3] + ".";
        String module = parts[4].substring(0, parts[4].lastIndexOf('.'));
        String kind = parts[4].substring(parts[4].lastIndexOf('.') + 1);
        int part = QKV.indexOf(module.substring(module.lastIndexOf('.') + 1));
        if (part < 0) {
            return copy(manager, block + IN_LAYER.get(module) + "." + kind);
        }
        NDArray stacked = copy(manager, block + "attn.in_proj_" + kind); // [3·width, ..]
        long width = stacked.getShape().get(0) / 3;
        return stacked.get(new NDIndex("{}:{}", part * width, (part + 1) * width)).duplicate();
    }

    private NDArray copy(NDManager manager, String name) {
        NDArray copy = parameter(name).toDevice(manager.getDevice(), true).toType(DataType.FLOAT32, true);
        copy.attach(manager);
        return copy;
    }

    @Override
    public void close() {
        model.close();
    }
}
