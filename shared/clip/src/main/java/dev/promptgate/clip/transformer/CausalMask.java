package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Causal masks: token i may look at the tokens up to its own place. */
final class CausalMask {
    private CausalMask() {}

    /**
     * [queries, before + queries]: 0 where the key is one of {@code before} earlier tokens or not after the query, else −∞. A copy that
     * PyTorch itself owns, safe inside a differentiated graph.
     */
    static NDArray create(NDManager manager, int before, int queries, DataType type) {
        int keys = before + queries;
        float[] values = new float[queries * keys];
        for (int row = 0; row < queries; row++) {
            Arrays.fill(values, row * keys + before + row + 1, (row + 1) * keys, Float.NEGATIVE_INFINITY);
        }
        return manager.create(values, new Shape(queries, keys)).duplicate().toType(type, false);
    }
}
