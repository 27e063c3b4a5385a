package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.engine.MatrixUnits;
import dev.promptgate.clip.weights.LoadedWeights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One pre-norm transformer layer: x + attention(LN1 x), then x + fc2(act(fc1(LN2 x))). The token-wise parts live here; who attends to whom
 * is the towers' business. Folded when the weights are loaded, so that no scalar operation stands in a differentiated graph: 1/√d into the
 * query projection, and the activation's slope into fc1 and its inverse into fc2: y = 1.702x for QuickGELU, x·σ(1.702x) = y·σ(y)/1.702, and
 * y = ∛b·x for the tanh GELU, x·σ(ax + bx³) = y·σ(y·(y² + a/∛b))/∛b.
 *
 * <p>All arrays belong to the model's manager. Results belong to the manager of the first operand, so the activations always come first.
 */
final class Layer {
    private static final float QUICK_GELU_SLOPE = 1.702f;
    // x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))) = x·σ(ax + bx³), since (1 + tanh u)/2 = σ(2u) (Hendrycks & Gimpel, arXiv 1606.08415)
    private static final double TANH_GELU_A = 2 * Math.sqrt(2 / Math.PI);
    private static final double TANH_GELU_SLOPE = Math.cbrt(0.044715 * TANH_GELU_A);

    /** x·Wᵀ + b; the weight is [out, in]. */
    record Affine(NDArray weight, NDArray bias) {
        NDArray of(NDArray x) {
            return linear(x, weight, bias);
        }
    }

    /** Layer normalisation over the last dimension. */
    record Norm(NDArray weight, NDArray bias, float epsilon) {
        static Norm read(LoadedWeights weights, String name, TowerShape shape) {
            Shape width = new Shape(shape.width());
            return new Norm(weights.get(name + ".weight", width), weights.get(name + ".bias", width), shape.epsilon());
        }

        NDArray of(NDArray x) {
            return LayerNorm.layerNorm(x, weight.getShape(), weight, bias, epsilon).singletonOrThrow();
        }
    }

    final TowerShape shape;
    final Norm norm1;
    final Affine qkv; // [3·width, width]: queries, keys, values
    final Affine query; // [width, width], the queries' rows of qkv; of the last layer only, as keyValue
    final Affine keyValue; // [2·width, width], the others
    private final Affine out;
    private final Norm norm2;
    private final Affine fc1;
    private final Affine fc2;
    private final NDArray shift; // of the tanh GELU: a/∛b; null for the others

    private Layer(LayerWeights weights, boolean isLast) {
        shape = weights.shape();
        int width = shape.width();
        float slope = switch (shape.activation()) {
            case QUICK_GELU -> QUICK_GELU_SLOPE;
            case GELU -> 1;
            case TANH_GELU -> (float) TANH_GELU_SLOPE;
        };
        shift = shape.activation() == ClipConfig.Activation.TANH_GELU ? weights.constant((float) (TANH_GELU_A / TANH_GELU_SLOPE)) : null;
        norm1 = weights.norm("layer_norm1");
        qkv = weights.qkv();
        query = isLast ? weights.rows(qkv, 0, width) : null;
        keyValue = isLast ? weights.rows(qkv, width, 3 * width) : null;
        out = weights.affine("self_attn.out_proj", width, width, 1, 1);
        norm2 = weights.norm("layer_norm2");
        fc1 = weights.affine("mlp.fc1", shape.mlpWidth(), width, slope, slope);
        fc2 = weights.affine("mlp.fc2", width, shape.mlpWidth(), 1 / slope, 1);
    }

    /** The layers of a tower, {@code text_model} or {@code vision_model}, from the first to the last. */
    static List<Layer> all(LoadedWeights weights, String tower, TowerShape shape) {
        return IntStream.range(0, shape.layers())
                .mapToObj(i -> new Layer(new LayerWeights(weights, tower + ".encoder.layers." + i + ".", shape), i == shape.layers() - 1))
                .toList();
    }

    /** The residual stream [rows, width] after attention and feed-forward, given the attention's mixed values [rows, width]. */
    NDArray finish(NDArray x, NDArray attended) {
        NDArray y = x.add(out.of(attended));
        NDArray hidden = fc1.of(norm2.of(y)); // [rows, mlp]
        NDArray activated = switch (shape.activation()) {
            case QUICK_GELU -> hidden.mul(Activation.sigmoid(hidden));
            case GELU -> Activation.gelu(hidden);
            case TANH_GELU -> hidden.mul(Activation.sigmoid(hidden.mul(hidden.mul(hidden).add(shift))));
        };
        return y.add(fc2.of(activated));
    }

    /** x·Wᵀ + b; {@code bias} may be null. PyTorch's product with a bias passes a processor's matrix units by: there it is added after. */
    static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
        if (bias != null && MatrixUnits.engaged()) {
            return linear(x, weight, null).addi(bias);
        }
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }
}
