package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Scaled dot-product attention; 1/√d is folded into the queries. All arrays live on the manager of the first operand. */
final class Attention {
    private Attention() {}

    /**
     * softmax(q·kᵀ + mask)·v.
     *
     * @param q [.., queries, d]
     * @param k [.., keys, d]
     * @param v [.., keys, d]
     * @param mask broadcastable to [.., queries, keys], 0 or −∞; null where everything may be seen
     * @return [.., queries, d]
     */
    static NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask) {
        int last = k.getShape().dimension() - 1;
        NDArray scores = q.matMul(k.swapAxes(last - 1, last));
        NDArray masked = mask == null ? scores : scores.add(mask);
        return masked.softmax(last).matMul(v);
    }

    /** [sequences·tokens, heads·d] to [sequences, heads, tokens, d]. */
    static NDArray splitHeads(NDArray x, long sequences, long tokens, int heads) {
        long d = x.getShape().get(1) / heads;
        return x.reshape(new Shape(sequences, tokens, heads, d)).transpose(0, 2, 1, 3);
    }

    /** [sequences, heads, tokens, d] to [sequences·tokens, heads·d]. */
    static NDArray mergeHeads(NDArray x) {
        Shape s = x.getShape();
        return x.transpose(0, 2, 1, 3).reshape(new Shape(s.get(0) * s.get(2), s.get(1) * s.get(3)));
    }
}
