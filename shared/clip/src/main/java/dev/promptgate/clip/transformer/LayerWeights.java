package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.weights.LoadedWeights;

/** Reads one layer's tensors, folds the constants in, and converts to the type that is computed in. */
final class LayerWeights {
    private static final float QUICK_GELU_SLOPE = 1.702f;

    private final LoadedWeights weights;
    private final String prefix;
    private final TowerShape shape;

    LayerWeights(LoadedWeights weights, String prefix, TowerShape shape) {
        this.weights = weights;
        this.prefix = prefix;
        this.shape = shape;
    }

    NDArray get(String name, Shape expected) {
        return weights.get(prefix + name, expected);
    }

    NDArray qkvWeight() {
        return qkv(".weight", new Shape(shape.width(), shape.width()));
    }

    NDArray qkvBias() {
        return qkv(".bias", new Shape(shape.width()));
    }

    private NDArray qkv(String kind, Shape expected) {
        try (NDManager scratch = weights.scratch()) {
            NDArray query = weights.read(scratch, prefix + "self_attn.q_proj" + kind, expected)
                    .mul((float) (1 / Math.sqrt(shape.headWidth())));
            NDArray key = weights.read(scratch, prefix + "self_attn.k_proj" + kind, expected);
            NDArray value = weights.read(scratch, prefix + "self_attn.v_proj" + kind, expected);
            return weights.own(NDArrays.concat(new ai.djl.ndarray.NDList(query, key, value), 0));
        }
    }

    NDArray fc1Weight() {
        return scaled("mlp.fc1.weight", new Shape(shape.mlpWidth(), shape.width()), slope());
    }

    NDArray fc1Bias() {
        return scaled("mlp.fc1.bias", new Shape(shape.mlpWidth()), slope());
    }

    NDArray fc2Weight() {
        return scaled("mlp.fc2.weight", new Shape(shape.width(), shape.mlpWidth()), 1 / slope());
    }

    /** A copy of rows [from, to) of an array that is already owned. */
    NDArray rows(NDArray array, int from, int to) {
        try (NDManager scratch = weights.scratch()) {
            NDArray slice = array.get(scratch, new ai.djl.ndarray.index.NDIndex("{}:{}", from, to));
            return weights.own(slice.duplicate());
        }
    }

    private float slope() {
        return shape.activation() == Activation.QUICK_GELU ? QUICK_GELU_SLOPE : 1;
    }

    private NDArray scaled(String name, Shape expected, float factor) {
        try (NDManager scratch = weights.scratch()) {
            return weights.own(weights.read(scratch, prefix + name, expected).mul(factor).toType(DataType.FLOAT32, true));
        }
    }
}
