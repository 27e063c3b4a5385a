package dev.promptgate.clip.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.Context;
import dev.promptgate.clip.transformer.TextTower;
import java.util.Arrays;

/** Builds the prefix {@code [SOS] v1 … vN} on a pass's own manager. */
record Prefix(TextTower tower, NDManager root, int bosId, DataType type) {
    /** A manager that owns one pass; the caller closes it. */
    NDManager newPass() {
        return root.newSubManager();
    }

    /** The context as an array [N, width] that PyTorch itself owns; a fresh leaf, since gradients accumulate. */
    NDArray leaf(NDManager pass, Context context) {
        return pass.create(context.values(), new Shape(context.tokens(), context.width())).duplicate();
    }

    /** {@code [SOS]} and the context: [1 + N, width]. */
    NDArray withContext(NDArray leaf) {
        return NDArrays.concat(new NDList(startOnly(leaf.getManager()), leaf.toType(type, false)), 0);
    }

    /** {@code [SOS]} alone: [1, width]. */
    NDArray startOnly(NDManager pass) {
        return tower.embed(pass, new long[] {bosId});
    }

    /** Copies rows of features out of native memory to the places of their classes. */
    static void copyRows(NDArray features, int[] rows, float[][] target) {
        float[] flat = features.toType(DataType.FLOAT32, false).toFloatArray();
        int dim = flat.length / rows.length;
        for (int i = 0; i < rows.length; i++) {
            target[rows[i]] = Arrays.copyOfRange(flat, i * dim, (i + 1) * dim);
        }
    }
}
