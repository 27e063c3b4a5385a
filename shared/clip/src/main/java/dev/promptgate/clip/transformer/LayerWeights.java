package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.transformer.Layer.Affine;
import dev.promptgate.clip.transformer.Layer.Norm;
import dev.promptgate.clip.weights.LoadedWeights;

/** Reads one layer's tensors, whose names begin with {@code prefix}, and folds constants in. */
record LayerWeights(LoadedWeights weights, String prefix, TowerShape shape) {
    Norm norm(String name) {
        return Norm.read(weights, prefix + name, shape);
    }

    /** A map from {@code in} to {@code out} values with its weight [out, in] and its bias times constants. */
    Affine affine(String name, int out, int in, float weightFactor, float biasFactor) {
        return new Affine(scaled(name + ".weight", new Shape(out, in), weightFactor), scaled(name + ".bias", new Shape(out), biasFactor));
    }

    private NDArray scaled(String name, Shape expected, float factor) {
        try (NDManager scratch = weights.scratch()) {
            return weights.own(weights.read(scratch, prefix + name, expected).mul(factor).toType(DataType.FLOAT32, true));
        }
    }

    /** A number as an array that PyTorch itself owns, since a graph outlives what DJL makes of a scalar. */
    NDArray constant(float value) {
        try (NDManager scratch = weights.scratch()) {
            return weights.own(scratch.create(value).duplicate());
        }
    }

    /** Queries, which 1/√d is folded into, keys and values. */
    Affine qkv() {
        return new Affine(qkv(".weight", new Shape(shape.width(), shape.width())), qkv(".bias", new Shape(shape.width())));
    }

    private NDArray qkv(String kind, Shape expected) {
        try (NDManager scratch = weights.scratch()) {
            NDArray query = weights.read(scratch, prefix + "self_attn.q_proj" + kind, expected)
                    .mul((float) (1 / Math.sqrt(shape.headWidth())));
            NDArray key = weights.read(scratch, prefix + "self_attn.k_proj" + kind, expected);
            NDArray value = weights.read(scratch, prefix + "self_attn.v_proj" + kind, expected);
            return weights.own(NDArrays.concat(new NDList(query, key, value), 0));
        }
    }

    /** A copy of the outputs [from, to). */
    Affine rows(Affine of, int from, int to) {
        return new Affine(rows(of.weight(), from, to), rows(of.bias(), from, to));
    }

    private NDArray rows(NDArray array, int from, int to) {
        try (NDManager scratch = weights.scratch()) {
            return weights.own(array.get(scratch, new NDIndex("{}:{}", from, to)).duplicate());
        }
    }
}
