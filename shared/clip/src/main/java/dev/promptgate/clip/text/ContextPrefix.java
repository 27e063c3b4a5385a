package dev.promptgate.clip.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.transformer.TextTower;
import java.util.Arrays;
import java.util.List;

/** Builds the prefixes {@code [SOS] v1 … vN}, one a context, on a pass's own manager. */
record ContextPrefix(TextTower tower, NDManager root, int bosId, DataType type) {
    /** A manager that owns one pass; the caller closes it. */
    NDManager newPass() {
        return root.newSubManager();
    }

    /** The contexts, alike in shape, as an array [B, N, width] that PyTorch itself owns; a fresh leaf, since gradients accumulate. */
    NDArray leaf(NDManager pass, List<Context> contexts) {
        int size = contexts.get(0).values().length;
        float[] values = new float[contexts.size() * size];
        for (int b = 0; b < contexts.size(); b++) {
            System.arraycopy(contexts.get(b).values(), 0, values, b * size, size);
        }
        return pass.create(values, new Shape(contexts.size(), contexts.get(0).tokens(), contexts.get(0).width())).duplicate();
    }

    /** {@code [SOS]} and each context: [B, 1 + N, width]. */
    NDArray withContext(NDArray leaf) {
        NDArray start = startOnly(leaf.getManager(), (int) leaf.getShape().get(0));
        return NDArrays.concat(new NDList(start, leaf.toType(type, false)), 1);
    }

    /** {@code [SOS]} alone, as often as there are prefixes: [B, 1, width]. */
    NDArray startOnly(NDManager pass, int prefixes) {
        long[] ids = new long[prefixes];
        Arrays.fill(ids, bosId);
        return tower.embed(pass, ids).expandDims(1);
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
