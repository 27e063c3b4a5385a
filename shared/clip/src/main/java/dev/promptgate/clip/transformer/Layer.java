package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import dev.promptgate.clip.config.ClipConfig.TowerShape;

/**
 * One pre-norm transformer layer: x + attention(LN1 x), then x + fc2(act(fc1(LN2 x))). The token-wise parts live here; who attends
 * to whom is the towers' business. Folded when the weights are loaded, so that no scalar operation stands in a differentiated graph:
 * 1/√d into the query projection, and for QuickGELU, x·σ(1.702x) = SiLU(1.702x)/1.702, 1.702 into fc1 and its inverse into fc2.
 *
 * <p>All arrays belong to the model's manager. Results belong to the manager of the first operand, so the activations always come first.
 */
final class Layer {
    final TowerShape shape;
    final NDArray qkvWeight; // [3·width, width]: queries, keys, values
    final NDArray qkvBias;
    final NDArray queryWeight; // [width, width], the queries' rows of qkvWeight
    final NDArray queryBias;
    final NDArray keyValueWeight; // [2·width, width]
    final NDArray keyValueBias;
    private final NDArray outWeight;
    private final NDArray outBias;
    private final NDArray norm1Weight;
    private final NDArray norm1Bias;
    private final NDArray norm2Weight;
    private final NDArray norm2Bias;
    private final NDArray fc1Weight;
    private final NDArray fc1Bias;
    private final NDArray fc2Weight;
    private final NDArray fc2Bias;

    Layer(TowerShape shape, LayerWeights weights) {
        this.shape = shape;
        qkvWeight = weights.qkvWeight();
        qkvBias = weights.qkvBias();
        queryWeight = weights.rows(qkvWeight, 0, shape.width());
        queryBias = weights.rows(qkvBias, 0, shape.width());
        keyValueWeight = weights.rows(qkvWeight, shape.width(), 3 * shape.width());
        keyValueBias = weights.rows(qkvBias, shape.width(), 3 * shape.width());
        outWeight = weights.get("self_attn.out_proj.weight", new Shape(shape.width(), shape.width()));
        outBias = weights.get("self_attn.out_proj.bias", new Shape(shape.width()));
        norm1Weight = weights.get("layer_norm1.weight", new Shape(shape.width()));
        norm1Bias = weights.get("layer_norm1.bias", new Shape(shape.width()));
        norm2Weight = weights.get("layer_norm2.weight", new Shape(shape.width()));
        norm2Bias = weights.get("layer_norm2.bias", new Shape(shape.width()));
        fc1Weight = weights.fc1Weight();
        fc1Bias = weights.fc1Bias();
        fc2Weight = weights.fc2Weight();
        fc2Bias = weights.get("mlp.fc2.bias", new Shape(shape.width()));
    }

    NDArray norm1(NDArray x) {
        return norm(x, norm1Weight, norm1Bias, shape.epsilon());
    }

    /** The residual stream [rows, width] after attention and feed-forward, given the attention's mixed values [rows, width]. */
    NDArray finish(NDArray x, NDArray attended) {
        NDArray y = x.add(linear(attended, outWeight, outBias));
        NDArray hidden = linear(norm(y, norm2Weight, norm2Bias, shape.epsilon()), fc1Weight, fc1Bias); // [rows, mlp]
        NDArray activated = switch (shape.activation()) {
            case QUICK_GELU -> hidden.mul(Activation.sigmoid(hidden));
            case GELU -> Activation.gelu(hidden);
        };
        return y.add(linear(activated, fc2Weight, fc2Bias));
    }

    /** x·Wᵀ + b; {@code bias} may be null. */
    static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }

    static NDArray norm(NDArray x, NDArray weight, NDArray bias, float epsilon) {
        Shape last = new Shape(x.getShape().get(x.getShape().dimension() - 1));
        NDList normalised = LayerNorm.layerNorm(x, last, weight, bias, epsilon);
        return normalised.singletonOrThrow();
    }
}
