package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Scaled dot-product attention; 1/√d is folded into the queries. All arrays live on the manager of the first operand. */
final class Attention {
    private Attention() {}

    /**
     * softmax(q·kᵀ + mask)·v.
     *
     * @param q [.., queries, d]
     * @param k [.., keys, d], as v
     * @param mask broadcastable to [.., queries, keys], 0 or −∞; null where everything may be seen
     * @return [.., queries, d]
     */
    static NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask) {
        int last = k.getShape().dimension() - 1;
        NDArray scores = q.matMul(k.swapAxes(last - 1, last));
        NDArray masked = mask == null ? scores : scores.add(mask);
        return masked.softmax(last).matMul(v);
    }

    /** The same by heads, within sequences of equal length: of [sequences·tokens, heads·d] each, which the result is, too. */
    static NDArray byHeads(NDArray q, NDArray k, NDArray v, long sequences, int heads, NDArray mask) {
        NDArray attended = attend(split(q, sequences, heads), split(k, sequences, heads), split(v, sequences, heads), mask);
        return attended.transpose(0, 2, 1, 3).reshape(q.getShape());
    }

    /** [sequences·tokens, heads·d] to [sequences, heads, tokens, d]. */
    private static NDArray split(NDArray x, long sequences, int heads) {
        Shape s = x.getShape();
        return x.reshape(new Shape(sequences, s.get(0) / sequences, heads, s.get(1) / heads)).transpose(0, 2, 1, 3);
    }

    /**
     * [queries, before + queries]: 0 where the key is one of {@code before} earlier tokens or not after the query, else −∞. A copy that
     * PyTorch itself owns, safe inside a differentiated graph.
     */
    static NDArray causalMask(NDManager manager, int before, int queries, DataType type) {
        int keys = before + queries;
        float[] values = new float[queries * keys];
        for (int row = 0; row < queries; row++) {
            Arrays.fill(values, row * keys + before + row + 1, (row + 1) * keys, Float.NEGATIVE_INFINITY);
        }
        return manager.create(values, new Shape(queries, keys)).duplicate().toType(type, false);
    }
}
