package dev.promptgate.follower.onnx;

import ai.djl.util.Float16Utils;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.weights.SafetensorsHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * CLIP's image tower as an ONNX model, from float16 weights in Hugging Face layout, and behind it the classifier that class embeddings
 * make: inputs {@code pixels} [1, 3, size, size], {@code text_features} [classes, dim] and {@code logit_scale} []; output
 * {@code probabilities} [1, classes]. A new prompt is another input, not another model.
 */
final class OnnxClassifier {
    private static final float QUICK_GELU = 1.702f;

    private final OnnxGraph graph = new OnnxGraph();
    private final VisionShape shape;
    private final int dim;
    private final SafetensorsHeader header;
    private final byte[] file;

    private OnnxClassifier(Path weights, VisionShape shape, int dim) throws IOException {
        this.shape = shape;
        this.dim = dim;
        file = Files.readAllBytes(weights);
        header = SafetensorsHeader.read(file, 1 << 20);
    }

    static byte[] model(Path weights, VisionShape shape, int dim) throws IOException {
        return new OnnxClassifier(weights, shape, dim).model();
    }

    private byte[] model() {
        int size = shape.imageSize();
        int patch = shape.patchSize();
        int width = shape.tower().width();
        String pixels = graph.input("pixels", 1, 3, size, size);
        String kernel = weights("vision_model.embeddings.patch_embedding.weight", width, 3, patch, patch);
        String patches = graph.node("Conv", Map.of("strides", List.of(patch, patch)), pixels, kernel); // [1, width, grid, grid]
        String rows = transposed(reshaped(patches, 1, width, -1), 0, 2, 1); // [1, patches, width]
        String tokens = graph.node("Concat", Map.of("axis", 1), weights("vision_model.embeddings.class_embedding", 1, 1, width), rows);
        String x = norm("vision_model.pre_layrnorm", graph.node("Add", tokens,
                weights("vision_model.embeddings.position_embedding.weight", tokens(), width)));
        for (int i = 0; i < shape.tower().layers(); i++) {
            x = layer("vision_model.encoder.layers." + i + ".", x);
        }
        String classToken = graph.node("Gather", Map.of("axis", 1), x, graph.integers(0)); // [1, 1, width]
        String feature = graph.node("MatMul", reshaped(norm("vision_model.post_layernorm", classToken), 1, width),
                transposed(weights("visual_projection.weight", dim, width), 1, 0));
        String image = graph.node("LpNormalization", Map.of("axis", -1, "p", 2), feature); // [1, dim]
        String cosines = graph.node("MatMul", image, transposed(graph.input("text_features", -1, dim), 1, 0)); // [1, classes]
        String logits = graph.node("Mul", cosines, graph.input("logit_scale"));
        graph.output("probabilities", graph.node("Softmax", Map.of("axis", -1), logits), 1, -1);
        return graph.model();
    }

    private int tokens() {
        return 1 + shape.grid() * shape.grid();
    }

    private String layer(String name, String x) {
        int width = shape.tower().width();
        String normed = norm(name + "layer_norm1", x);
        String query = heads(linear(name + "self_attn.q_proj", normed, width, width), 0, 2, 1, 3);
        String key = heads(linear(name + "self_attn.k_proj", normed, width, width), 0, 2, 3, 1);
        String value = heads(linear(name + "self_attn.v_proj", normed, width, width), 0, 2, 1, 3);
        String scale = graph.floats(new float[] {(float) (1 / Math.sqrt(shape.tower().headWidth()))});
        String weights = graph.node("Softmax", Map.of("axis", -1), graph.node("Mul", graph.node("MatMul", query, key), scale));
        String mixed = reshaped(transposed(graph.node("MatMul", weights, value), 0, 2, 1, 3), 1, tokens(), width);
        String attended = graph.node("Add", x, linear(name + "self_attn.out_proj", mixed, width, width));
        String hidden = linear(name + "mlp.fc1", norm(name + "layer_norm2", attended), shape.tower().mlpWidth(), width);
        String gate = graph.node("Sigmoid", graph.node("Mul", hidden, graph.floats(new float[] {QUICK_GELU})));
        return graph.node("Add", attended,
                linear(name + "mlp.fc2", graph.node("Mul", hidden, gate), width, shape.tower().mlpWidth()));
    }

    private String heads(String rows, int... order) {
        return transposed(reshaped(rows, 1, tokens(), shape.tower().heads(), -1), order);
    }

    private String linear(String name, String x, int out, int in) {
        String product = graph.node("MatMul", x, transposed(weights(name + ".weight", out, in), 1, 0));
        return graph.node("Add", product, weights(name + ".bias", out));
    }

    private String norm(String name, String x) {
        int width = shape.tower().width();
        return graph.node("LayerNormalization", Map.of("axis", -1, "epsilon", shape.tower().epsilon()), x, weights(name + ".weight", width),
                weights(name + ".bias", width));
    }

    private String reshaped(String x, long... sides) {
        return graph.node("Reshape", x, graph.integers(sides));
    }

    private String transposed(String x, int... order) {
        return graph.node("Transpose", Map.of("perm", Arrays.stream(order).boxed().toList()), x);
    }

    private String weights(String name, long... sides) {
        SafetensorsHeader.Tensor tensor = header.tensors().get(name);
        int begin = (int) (header.dataStart() + tensor.begin());
        ByteBuffer halves = ByteBuffer.wrap(file, begin, (int) (tensor.end() - tensor.begin())).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[halves.remaining() / Short.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float16Utils.halfToFloat(halves.getShort());
        }
        return graph.floats(values, sides);
    }
}
